package io.fullhouse.simulator;

import java.time.Instant;
import java.util.Optional;

/** Guests who start and stop to publish, with all that hangs on it. Guarded by {@link Turns}. */
final class Publishing {
  private final Rooms rooms;
  private final Quotas quotas;
  private final Replications replications;
  private final StageEvents events;

  Publishing(Rooms rooms, Quotas quotas, Replications replications, StageEvents events) {
    this.rooms = rooms;
    this.quotas = quotas;
    this.replications = replications;
    this.events = events;
  }

  /**
   * Without effect for one who publishes already.
   *
   * @throws Refusal when it may not; IVS then tells of a publish error
   */
  void start(Room room, Guest guest, Instant now) {
    if (guest.isPublishing()) {
      return;
    }
    if (!guest.pass().mayPublish()) {
      fail(room, guest, "INSUFFICIENT_CAPABILITIES", now);
      throw JoinError.TOKEN_NOT_ALLOWED.because("the token has no capability PUBLISH");
    }
    int subscriptions = room.subscribers() - (guest.pass().maySubscribe() ? 1 : 0);
    Optional<Limit> broken = quotas.brokenByPublisher(room, subscriptions);
    if (broken.isPresent()) {
      fail(room, guest, "QUOTA_EXCEEDED", now);
      throw JoinError.STAGE_AT_CAPACITY.because(broken.get().wireName() + " is reached");
    }
    room.publish(guest, now);
    events.emit(room, guest, StageEvents.PUBLISHED, now);
    replications.publisherStarted(room, guest.id(), now);
    reconsiderEnd(room, now);
  }

  /** A publish error as the browser or the network may cause it. */
  void fail(Room room, Guest guest, String errorCode, Instant now) {
    room.session(now);
    guest.participant().ifPresent(participant -> participant.failToPublish(errorCode, now));
    events.emitError(room, guest, errorCode, now);
    reconsiderEnd(room, now);
  }

  /**
   * Without effect for one who does not publish.
   *
   * @param mayReturn whether its replicas may wait for it
   */
  void stop(Room room, Guest guest, boolean mayReturn, Instant now) {
    if (guest.isPublishing()) {
      room.unpublish(guest, now);
      events.emit(room, guest, StageEvents.UNPUBLISHED, now);
    }
    replications.publisherStopped(room, guest.id(), mayReturn, now);
    reconsiderEnd(room, now);
  }

  void reconsiderEnd(Room room, Instant now) {
    rooms.reconsiderEnd(room, replications.touch(room), now);
  }
}
