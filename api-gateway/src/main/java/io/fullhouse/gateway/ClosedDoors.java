package io.fullhouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The value of {@code RedisKeys.doors}: it is there while the doors are closed. Whatever somebody
 * else wrote there closes them too, without a word. Immutable.
 *
 * @param message for those who are turned away
 * @param since ISO-8601
 */
record ClosedDoors(Optional<String> message, Optional<String> since) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ClosedDoors of(String stored) {
    try {
      JsonNode json = JSON.readTree(stored);
      return new ClosedDoors(text(json, "message"), text(json, "since"));
    } catch (JsonProcessingException e) {
      return new ClosedDoors(Optional.empty(), Optional.empty());
    }
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.of(json.path(field).asText("")).filter(text -> !text.isEmpty());
  }

  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    message.ifPresent(text -> json.put("message", text));
    since.ifPresent(text -> json.put("since", text));
    return json.toString();
  }
}
