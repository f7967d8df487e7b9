package io.fullhouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One of IVS's own events as EventBridge delivers it (IVS user guide, "Using EventBridge with IVS
 * Real-Time"). Reads what is there: a kind that came later is {@link Kind#OTHER}, not an error.
 *
 * @param stage ARN of the stage it is about; empty when it names none
 * @param participant empty when it names none
 * @param user what IVS was told of the user: a pseudonym, by default, or nothing
 * @param at when it happened; IVS says it to the second
 */
record IvsStageEvent(
    Kind kind, String name, String stage, String participant, String user, Optional<Instant> at) {
  private static final String SOURCE = "aws.ivs";
  private static final String STAGE_UPDATE = "IVS Stage Update";

  /** What happened. */
  enum Kind {
    PUBLISHED,
    UNPUBLISHED,
    PUBLISH_ERROR,
    /** A replication began or ended: neither's exact name is documented. */
    REPLICATION,
    OTHER
  }

  /** Whether the envelope is that of an event about a stage. */
  static boolean isStageUpdate(String source, String detailType) {
    return source.equals(SOURCE) && detailType.equals(STAGE_UPDATE);
  }

  /**
   * @param resources of the envelope: the stage is the first
   * @param envelopeTime for a detail without a time of its own
   */
  static IvsStageEvent read(JsonNode detail, JsonNode resources, String envelopeTime) {
    String name = detail.path("event_name").asText();
    return new IvsStageEvent(
        kind(name.toLowerCase(Locale.ROOT)),
        name,
        resources.path(0).asText(),
        detail.path("participant_id").asText(),
        detail.path("user_id").asText(),
        instant(detail.path("event_time").asText()).or(() -> instant(envelopeTime)));
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "participant published" -> Kind.PUBLISHED;
      case "participant unpublished" -> Kind.UNPUBLISHED;
      case "participant publish error" -> Kind.PUBLISH_ERROR;
      default -> name.contains("replication") ? Kind.REPLICATION : Kind.OTHER;
    };
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text)).filter(at -> at.toEpochMilli() > 0);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
