package io.fullhouse.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rooms of all stages that anybody was ever on, and when their sessions end. Guarded by {@link
 * Turns}. A room goes with its stage.
 */
final class Rooms {
  private final ResourceTable<Stage> stages;
  private final Limits limits;
  private final Timers timers;
  private final Map<String, Room> rooms = new HashMap<>();
  private final Map<Room, Timers.Timer> endings = new HashMap<>();

  Rooms(ResourceTable<Stage> stages, Limits limits, Timers timers) {
    this.stages = stages;
    this.limits = limits;
    this.timers = timers;
  }

  /** Of a stage that exists; empty for one that does not. */
  Optional<Room> find(String stageArn) {
    return stages.find(stageArn).map(stage -> rooms.computeIfAbsent(stage.arn(), Room::new));
  }

  /**
   * @throws Refusal ResourceNotFoundException
   */
  Room get(String stageArn) {
    return find(stageArn)
        .orElseThrow(() -> new Refusal(AwsError.notFound("Resource: " + stageArn + " not found")));
  }

  Collection<Room> all() {
    return rooms.values();
  }

  /** Idle stages have the empty text for it. */
  String activeSessionId(String stageArn) {
    return Optional.ofNullable(rooms.get(stageArn))
        .flatMap(Room::activeSession)
        .map(Session::id)
        .orElse("");
  }

  void remove(Room room) {
    rooms.remove(room.stageArn());
    cancelEnding(room);
  }

  /**
   * To be called after everybody's coming and going: a session ends some minutes after the last
   * participant stopped publishing (IVS user guide, "Stage health"); one that nobody ever published
   * in, so we take it, as long after the last one left.
   *
   * @param held whether a replication still waits for its publisher
   */
  void reconsiderEnd(Room room, boolean held, Instant now) {
    Optional<Session> session = room.activeSession();
    boolean idle =
        !held
            && session.isPresent()
            && session.get().publishers() == 0
            && (session.get().hasBeenPublishedIn() || room.connected() == 0);
    if (!idle) {
      cancelEnding(room);
    } else if (!endings.containsKey(room)) {
      int millis = limits.get(Limit.SESSION_END_MILLIS);
      if (millis > 0) {
        endings.put(room, timers.at(now.plus(Duration.ofMillis(millis)), due -> end(room, due)));
      }
    }
  }

  private void end(Room room, Instant now) {
    endings.remove(room);
    room.endSession(now);
    if (limits.get(Limit.OUTLIVE_SESSION) == 0) {
      room.guests().forEach(guest -> room.dismiss(guest, now));
    }
  }

  private void cancelEnding(Room room) {
    Optional.ofNullable(endings.remove(room)).ifPresent(timers::cancel);
  }
}
