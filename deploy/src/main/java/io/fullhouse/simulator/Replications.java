package io.fullhouse.simulator;

import io.fullhouse.simulator.ParticipantEvent.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All replications: they follow their publisher until somebody stops them. Guarded by {@link
 * Turns}. Of those that ended the last {@value #KEPT_ENDED} are kept.
 */
final class Replications {
  static final int KEPT_ENDED = 1_000;

  private final Rooms rooms;
  private final Quotas quotas;
  private final Limits limits;
  private final Timers timers;
  private final StageEvents events;
  private final NavigableMap<Long, Replication> inOrder = new TreeMap<>();
  private long started;
  private int ended;

  Replications(Rooms rooms, Quotas quotas, Limits limits, Timers timers, StageEvents events) {
    this.rooms = rooms;
    this.quotas = quotas;
    this.limits = limits;
    this.timers = timers;
    this.events = events;
  }

  /** What StartParticipantReplication asks for. */
  record Wanted(
      Room source,
      Room destination,
      String participantId,
      Duration window,
      Map<String, String> attributes) {}

  /**
   * The statuses of the refusals are not documented, so steering can change them.
   *
   * @throws Refusal when there is nothing to replicate or a limit is in the way
   */
  void start(Wanted wanted, Instant now) {
    Guest guest =
        wanted
            .source()
            .guest(wanted.participantId())
            .filter(Guest::isPublishing)
            .orElseThrow(
                () ->
                    refused(
                        Limit.NOT_PUBLISHING_STATUS,
                        wanted.participantId() + " is not publishing on the source stage"));
    refuse(wanted);
    Participant original = guest.participant().orElseThrow();
    Session session = wanted.destination().session(now);
    Place from = place(wanted.source(), wanted.source().session(now));
    Place to = place(wanted.destination(), session);
    Participant replica = session.participant(original.id(), now);
    Replication replication =
        new Replication(
            wanted.source(),
            from,
            wanted.destination(),
            to,
            original,
            replica,
            wanted.window(),
            new Replication.State());
    started++;
    inOrder.put(started, replication);
    replica.joinAsReplica(original, from, wanted.attributes(), now);
    session.publish(replica, now);
    original.replicationStarted(to, now);
    events.emitReplication(replication, StageEvents.REPLICATION_STARTED, now);
    reconsiderEnds(replication, now);
  }

  private void refuse(Wanted wanted) {
    String id = wanted.participantId();
    List<Replication> running = running(wanted.source(), id);
    Room destination = wanted.destination();
    if (running.stream().anyMatch(it -> it.destination().equals(destination))
        || destination.guest(id).isPresent()
        || destination.hasReplica(id)) {
      throw refused(Limit.DUPLICATE_REPLICA_STATUS, id + " is on the destination stage already");
    }
    int quota = limits.get(Limit.MAX_REPLICAS);
    if (quota > 0 && running.size() >= quota) {
      throw refused(Limit.REPLICA_QUOTA_STATUS, "The quota of " + quota + " replicas is reached");
    }
    quotas
        .brokenByPublisher(destination, destination.subscribers())
        .ifPresent(
            limit -> {
              throw refused(Limit.REPLICA_QUOTA_STATUS, limit.wireName() + " is reached");
            });
  }

  private Refusal refused(Limit status, String message) {
    return new Refusal(AwsError.withStatus(limits.get(status), message));
  }

  /**
   * @throws Refusal ResourceNotFoundException when there is none
   */
  void stop(Room source, Room destination, String participantId, Instant now) {
    Replication found =
        running(source, participantId).stream()
            .filter(it -> it.destination().equals(destination))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        AwsError.notFound("Resource: replica of " + participantId + " not found")));
    end(found, now);
  }

  /** A publisher who returns in time is everywhere again. */
  void publisherStarted(Room room, String participantId, Instant now) {
    for (Replication replication : running(room, participantId)) {
      Optional<Timers.Timer> waiting = replication.state().stopWaiting();
      if (waiting.isPresent()) {
        timers.cancel(waiting.get());
        replication.destination().session(now).publish(replication.replica(), now);
        reconsiderEnds(replication, now);
      }
    }
  }

  void publisherStopped(Room room, String participantId, boolean mayReturn, Instant now) {
    for (Replication replication : running(room, participantId)) {
      if (!mayReturn || replication.window().isZero()) {
        end(replication, now);
      } else if (replication.replica().isPublishing()) {
        replication.destination().session(now).unpublish(replication.replica(), now);
        replication
            .state()
            .waitFor(timers.at(now.plus(replication.window()), due -> end(replication, due)));
      }
    }
  }

  /** Ends those from and to a stage that goes. */
  void close(Room room, Instant now) {
    List<Replication> touching =
        inOrder.values().stream().filter(it -> it.isRunning() && it.touches(room)).toList();
    touching.forEach(it -> end(it, now));
  }

  private void end(Replication replication, Instant now) {
    replication.state().stopWaiting().ifPresent(timers::cancel);
    replication.state().end();
    if (replication.replica().isPublishing()) {
      replication.destination().session(now).unpublish(replication.replica(), now);
    }
    replication.replica().leave(now);
    replication.original().replicationStopped(replication.destinationPlace(), now);
    events.emitReplication(replication, StageEvents.REPLICATION_ENDED, now);
    reconsiderEnds(replication, now);
    ended++;
    if (ended > KEPT_ENDED) {
      forgetOne();
    }
  }

  private void forgetOne() {
    for (Map.Entry<Long, Replication> entry : inOrder.entrySet()) {
      if (!entry.getValue().isRunning()) {
        inOrder.remove(entry.getKey());
        ended--;
        return;
      }
    }
  }

  private void reconsiderEnds(Replication replication, Instant now) {
    for (Room room : List.of(replication.source(), replication.destination())) {
      rooms.reconsiderEnd(room, touch(room), now);
    }
  }

  /** Whether one that runs comes from or goes to this stage. */
  boolean touch(Room room) {
    return inOrder.values().stream().anyMatch(it -> it.isRunning() && it.touches(room));
  }

  NavigableMap<Long, Replication> inOrder() {
    return inOrder;
  }

  private List<Replication> running(Room source, String participantId) {
    List<Replication> running = new ArrayList<>();
    for (Replication replication : inOrder.values()) {
      if (replication.isRunning() && replication.isOf(source.stageArn(), participantId)) {
        running.add(replication);
      }
    }
    return running;
  }

  private static Place place(Room room, Session session) {
    return new Place(room.stageArn(), session.id());
  }
}
