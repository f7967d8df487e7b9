package io.fullhouse.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The body of a request, as received. */
final class Body {
  private final byte[] bytes;

  Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The object in it; no bytes at all are the empty object.
   *
   * @throws Refusal SerializationException when it is no JSON object
   */
  Input input() {
    if (bytes.length == 0) {
      return Input.of(Json.object());
    }
    try {
      return Input.of(Json.read(bytes));
    } catch (JsonProcessingException e) {
      throw new Refusal(AwsError.serialization("the body is not JSON: " + e.getOriginalMessage()));
    }
  }

  /** This body, or its beginning when it is longer. */
  Body cutTo(int maxBytes) {
    return bytes.length <= maxBytes ? this : new Body(Arrays.copyOf(bytes, maxBytes));
  }

  /** For showing: JSON when it is that, else, as when it was cut, text. */
  JsonNode shown() {
    if (bytes.length == 0) {
      return Json.object();
    }
    try {
      return Json.read(bytes);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
