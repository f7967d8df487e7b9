package io.fullhouse.scaler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.BroadcastId;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes a written notice an event for the bus: {@code {"metadata":{…},"data":{…}}}. The same notice
 * always makes the same event, {@code eventId} included. Pure.
 */
final class NoticeEnvelope {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeEnvelope() {}

  /** Empty for an entry that somebody damaged. */
  static Optional<NoticeBus.Event> of(BroadcastId broadcast, NoticeStream.Entry entry) {
    JsonNode notice = read(entry.fields().getOrDefault("notice", ""));
    String type = notice.path("type").asText("");
    if (type.isEmpty() || !(notice.path("data") instanceof ObjectNode known)) {
      return Optional.empty();
    }
    Instant occurredAt = Instant.ofEpochMilli(entry.id().millis());
    ObjectNode detail = JSON.createObjectNode();
    detail
        .putObject("metadata")
        .put("eventId", broadcast + "/" + entry.id())
        .put("occurredAt", occurredAt.toString())
        .put("service", EventBridgeNoticeBus.SOURCE)
        .put("schemaVersion", notice.path("schemaVersion").asText(""));
    ObjectNode data = detail.putObject("data").put("broadcast", broadcast.toString());
    data.setAll(known);
    String taken = entry.fields().getOrDefault("taken", "");
    if (taken.matches("[0-9]{1,9}")) {
      data.put("seatsTaken", Long.parseLong(taken));
    }
    return Optional.of(
        new NoticeBus.Event(
            type,
            occurredAt,
            Optional.of(notice.path("stage").asText("")).filter(stage -> !stage.isEmpty()),
            detail.toString()));
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
