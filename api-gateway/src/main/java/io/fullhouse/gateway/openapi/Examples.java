package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A value that a schema of ours allows, made of the examples of its words. */
final class Examples {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Schemas schemas;

  Examples(Schemas schemas) {
    this.schemas = schemas;
  }

  /**
   * @throws IllegalStateException when neither the schema nor the dictionary gives one
   */
  JsonNode of(JsonNode schema) {
    for (String said : List.of("const", "default")) {
      if (schema.has(said)) {
        return schema.get(said);
      }
    }
    for (String said : List.of("examples", "enum")) {
      if (schema.has(said)) {
        return schema.get(said).get(0);
      }
    }
    if (schema.has("$ref")) {
      return of(schemas.resolve(schema.get("$ref").asText()));
    }
    for (String choice : List.of("oneOf", "anyOf")) {
      if (schema.has(choice)) {
        return of(schema.get(choice).get(0));
      }
    }
    return ofType(schema);
  }

  private JsonNode ofType(JsonNode schema) {
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asText() : type.asText()) {
      case "object" -> object(schema);
      case "array" -> JSON.arrayNode().add(of(schema.get("items")));
      case "boolean" -> JSON.booleanNode(true);
      case "integer", "number" ->
          schema.path("minimum").isMissingNode() ? JSON.numberNode(0) : schema.get("minimum");
      default -> throw new IllegalStateException("words.yaml has no example for " + schema);
    };
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode value = JSON.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(each -> value.set(each.getKey(), of(each.getValue())));
    return value;
  }
}
