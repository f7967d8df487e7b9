package io.fullhouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.Timestamps;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One instant of what {@code operations.lua} reads. What somebody damaged reads as not there.
 *
 * @param now by Redis's clock
 * @param lease of the scaler that acts, {@code epoch ms|holder}; empty when none does
 * @param state the scaler's last word, JSON; empty for none
 * @param mode as the operator set it; empty for auto
 * @param floor JSON
 * @param doors JSON; empty while they are open
 * @param ends epoch ms; empty when no end was called for
 */
record Operations(
    Instant now, String lease, String state, String mode, String floor, String doors, String ends) {
  /** The scaler says so each second, unless IVS keeps it waiting. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  private static final ObjectMapper JSON = new ObjectMapper();

  static Operations of(List<Object> reply) {
    return new Operations(
        Instant.ofEpochMilli(Long.parseLong((String) reply.get(0))),
        (String) reply.get(1),
        (String) reply.get(2),
        (String) reply.get(3),
        (String) reply.get(4),
        (String) reply.get(5),
        (String) reply.get(6));
  }

  /** The answer of {@code GET /api/scaler}. */
  ObjectNode toJson() {
    JsonNode said = parsed(state);
    ObjectNode json = JSON.createObjectNode();
    json.put("mode", mode.equals("hold") ? "hold" : "auto");
    json.set("leader", leader());
    json.put("stale", isStale(said));
    said.properties().stream()
        .filter(field -> !field.getKey().equals("mode"))
        .forEach(field -> json.set(field.getKey(), field.getValue()));
    ObjectNode schedule = json.withObject("/schedule");
    JsonNode operators = parsed(floor);
    schedule.set("operator", operators instanceof ArrayNode ? operators : JSON.createArrayNode());
    json.set("doors", theDoors());
    json.set("end", theEnd());
    return json;
  }

  private JsonNode leader() {
    int bar = lease.indexOf('|');
    if (bar < 0) {
      return JSON.nullNode();
    }
    ObjectNode leader = JSON.createObjectNode().put("name", lease.substring(bar + 1));
    instant(lease.substring(0, bar), leader, "since");
    return leader;
  }

  private boolean isStale(JsonNode said) {
    try {
      return Instant.parse(said.path("at").asText("")).plus(FRESH).isBefore(now);
    } catch (DateTimeException e) {
      return true; // nobody ever wrote, or longer ago than it is kept
    }
  }

  private JsonNode theDoors() {
    ObjectNode json = JSON.createObjectNode().put("open", doors.isEmpty());
    if (!doors.isEmpty()) {
      ClosedDoors closed = ClosedDoors.of(doors);
      closed.message().ifPresent(text -> json.put("message", text));
      closed.since().ifPresent(text -> json.put("since", text));
    }
    return json;
  }

  private JsonNode theEnd() {
    ObjectNode json = JSON.createObjectNode();
    if (ends.isEmpty()) {
      return json.put("ended", false);
    }
    instant(ends, json, "endsAt");
    return json.put("ended", !number(ends).isAfter(now));
  }

  private static void instant(String millis, ObjectNode json, String field) {
    json.put(field, Timestamps.of(number(millis)));
  }

  /** As the scripts read it: what is not a number is long ago. */
  private static Instant number(String millis) {
    try {
      return Instant.ofEpochMilli(Long.parseLong(millis));
    } catch (NumberFormatException e) {
      return Instant.EPOCH;
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
