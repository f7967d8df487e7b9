package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.simulator.ParticipantEvent.Place;
import java.time.Duration;
import java.util.Optional;

/**
 * A participant of one stage shown on another. Guarded by {@link Turns}.
 *
 * @param original in the source's session
 * @param replica in the destination's session
 * @param window how long it waits for a publisher who stopped
 */
record Replication(
    Room source,
    Place sourcePlace,
    Room destination,
    Place destinationPlace,
    Participant original,
    Participant replica,
    Duration window,
    State state) {

  /** What changes. */
  static final class State {
    private boolean ended;
    private Optional<Timers.Timer> waiting = Optional.empty();

    boolean hasEnded() {
      return ended;
    }

    void end() {
      ended = true;
    }

    void waitFor(Timers.Timer until) {
      waiting = Optional.of(until);
    }

    Optional<Timers.Timer> stopWaiting() {
      Optional<Timers.Timer> timer = waiting;
      waiting = Optional.empty();
      return timer;
    }
  }

  String participantId() {
    return original.id();
  }

  boolean isOf(String sourceArn, String participantId) {
    return source.stageArn().equals(sourceArn) && participantId().equals(participantId);
  }

  boolean isRunning() {
    return !state.hasEnded();
  }

  boolean touches(Room room) {
    return source.equals(room) || destination.equals(room);
  }

  /** The shape in ListParticipantReplicas. */
  ObjectNode toJson() {
    return Json.object()
        .put("sourceStageArn", sourcePlace.stageArn())
        .put("participantId", participantId())
        .put("sourceSessionId", sourcePlace.sessionId())
        .put("destinationStageArn", destinationPlace.stageArn())
        .put("destinationSessionId", destinationPlace.sessionId())
        .put("replicationState", isRunning() ? "ACTIVE" : "STOPPED");
  }
}
