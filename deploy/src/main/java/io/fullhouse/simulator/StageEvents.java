package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Tells of publishers and replications as IVS tells EventBridge: never of viewers. Guarded by
 * {@link Turns}.
 *
 * <p>Envelope and names: IVS user guide, "Using EventBridge with IVS Real-Time". Times have whole
 * seconds. Of replications and errors neither the exact names nor the keys of the detail could be
 * verified.
 */
final class StageEvents {
  static final String PUBLISHED = "Participant Published";
  static final String UNPUBLISHED = "Participant Unpublished";
  static final String PUBLISH_ERROR = "Participant Publish Error";
  static final String REPLICATION_STARTED = "Participant Replication Started";
  static final String REPLICATION_ENDED = "Participant Replication Ended";

  private static final int REGION_PART = 3;
  private static final int ACCOUNT_PART = 4;

  private final Consumer<ObjectNode> bus;

  /**
   * @param bus takes each event at once
   */
  StageEvents(Consumer<ObjectNode> bus) {
    this.bus = bus;
  }

  void emit(Room room, Guest guest, String name, Instant now) {
    send(room.stageArn(), detail(room.session(now).id(), name, guest, now), now);
  }

  void emitError(Room room, Guest guest, String errorCode, Instant now) {
    ObjectNode detail = detail(room.session(now).id(), PUBLISH_ERROR, guest, now);
    send(room.stageArn(), detail.put("error_code", errorCode), now);
  }

  void emitReplication(Replication replication, String name, Instant now) {
    Participant original = replication.original();
    ObjectNode detail =
        detail(replication.sourcePlace().sessionId(), name, original.userId(), original.id(), now);
    detail.put("destination_stage_arn", replication.destinationPlace().stageArn());
    detail.put("destination_session_id", replication.destinationPlace().sessionId());
    send(replication.sourcePlace().stageArn(), detail, now);
  }

  private static ObjectNode detail(String sessionId, String name, Guest guest, Instant now) {
    return detail(sessionId, name, guest.pass().userId(), guest.id(), now);
  }

  private static ObjectNode detail(
      String sessionId, String name, String userId, String participantId, Instant now) {
    return Json.object()
        .put("session_id", sessionId)
        .put("event_name", name)
        .put("event_time", seconds(now))
        .put("user_id", userId)
        .put("participant_id", participantId);
  }

  private void send(String stageArn, ObjectNode detail, Instant now) {
    String[] arn = stageArn.split(":", -1);
    ObjectNode event = Json.object().put("version", "0").put("id", UUID.randomUUID().toString());
    event.put("detail-type", "IVS Stage Update").put("source", "aws.ivs");
    event.put("account", arn[ACCOUNT_PART]).put("time", seconds(now));
    event.put("region", arn[REGION_PART]).putArray("resources").add(stageArn);
    event.set("detail", detail);
    bus.accept(event);
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
