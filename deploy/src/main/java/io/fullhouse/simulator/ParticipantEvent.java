package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * Something a participant did in a session, as ListParticipantEvents tells it.
 *
 * @param replica whether the participant is a replica there
 * @param destination of a replication
 */
record ParticipantEvent(
    Name name,
    String participantId,
    Instant at,
    boolean replica,
    Optional<String> errorCode,
    Optional<Place> destination) {

  /** API model, EventName: those that happen here. */
  enum Name {
    JOINED,
    LEFT,
    PUBLISH_STARTED,
    PUBLISH_STOPPED,
    PUBLISH_ERROR,
    REPLICATION_STARTED,
    REPLICATION_STOPPED
  }

  /** A session of a stage. */
  record Place(String stageArn, String sessionId) {}

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("name", name.name()).put("participantId", participantId);
    json.put("eventTime", at.toString()).put("replica", replica);
    errorCode.ifPresent(code -> json.put("errorCode", code));
    destination.ifPresent(
        place ->
            json.put("destinationStageArn", place.stageArn())
                .put("destinationSessionId", place.sessionId()));
    return json;
  }
}
