package io.fullhouse.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** One entry of PutEvents. Limits: EventBridge API reference, PutEventsRequestEntry. */
record EventEntry(
    Optional<String> source,
    Optional<String> detailType,
    Optional<String> detail,
    List<String> resources,
    String bus,
    OptionalDouble timeSeconds) {
  private static final int MAX_DETAIL_TYPE = 128;
  private static final int TIME_BYTES = 14;
  private static final int MAX_RESOURCES = 1_000;
  private static final double MAX_SECONDS = 1e11;

  /** Why an entry failed while the call did not. */
  record Failure(String code, String message) {}

  static EventEntry read(Input input) {
    return new EventEntry(
        input.text("Source", TextRule.ANY),
        input.text("DetailType", TextRule.ANY),
        input.text("Detail", TextRule.ANY),
        input.textList("Resources", MAX_RESOURCES),
        input.text("EventBusName", TextRule.ANY).orElse("default"),
        input.number("Time", 0, MAX_SECONDS));
  }

  /** Whether one of the three members is missing that every entry needs. */
  boolean lacksMember() {
    return Stream.of(source, detailType, detail).anyMatch(member -> member.orElse("").isEmpty());
  }

  Optional<Failure> failure() {
    if (lacksMember()) {
      return invalid("Source, DetailType and Detail are required arguments.");
    }
    if (detailType.orElseThrow().length() > MAX_DETAIL_TYPE) {
      return invalid("DetailType has more than " + MAX_DETAIL_TYPE + " characters.");
    }
    if (source.orElseThrow().startsWith("aws.")) {
      return Optional.of(
          new Failure("NotAuthorizedForSourceException", "Not authorized for the source."));
    }
    if (!(parsedDetail().orElse(null) instanceof ObjectNode)) {
      return Optional.of(new Failure("MalformedDetail", "Detail is malformed."));
    }
    return Optional.empty();
  }

  private static Optional<Failure> invalid(String message) {
    return Optional.of(new Failure("InvalidArgument", message));
  }

  private Optional<JsonNode> parsedDetail() {
    try {
      return Optional.of(Json.read(detail.orElseThrow().getBytes(StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** As EventBridge counts it (user guide, "Calculating PutEvents event entry size"). */
  int sizeBytes() {
    int texts =
        Stream.concat(
                Stream.of(source, detailType, detail).flatMap(Optional::stream), resources.stream())
            .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    return texts + (timeSeconds.isPresent() ? TIME_BYTES : 0);
  }

  /** What the bus took; call it only for an entry without a failure. */
  ObjectNode toJson(String eventId, Instant receivedAt) {
    ObjectNode json = Json.object();
    json.put("eventId", eventId);
    json.put("receivedAt", receivedAt.toString());
    json.put(
        "time",
        timeSeconds.isPresent()
            ? Instant.ofEpochMilli(Math.round(timeSeconds.getAsDouble() * 1_000)).toString()
            : receivedAt.toString());
    json.put("eventBusName", bus);
    json.put("source", source.orElseThrow());
    json.put("detailType", detailType.orElseThrow());
    ArrayNode arns = json.putArray("resources");
    resources.forEach(arns::add);
    json.set("detail", parsedDetail().orElseThrow());
    return json;
  }
}
