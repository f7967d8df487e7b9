package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schema of the envelope around an answer. */
final class Envelopes {
  private Envelopes() {}

  /**
   * @param field {@code data} or {@code error}
   */
  static ObjectNode of(boolean success, String field, ObjectNode content) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode fields = schema.putObject("properties");
    fields.putObject("success").put("const", success);
    fields.set(field, content);
    fields.set("timestamp", Schemas.ref("Timestamp"));
    schema.putArray("required").add("success").add(field).add("timestamp");
    return schema.put("additionalProperties", false);
  }
}
