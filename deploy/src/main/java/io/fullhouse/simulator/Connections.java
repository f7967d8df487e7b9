package io.fullhouse.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Clients that come, go, break off and return. Guarded by {@link Turns}. */
final class Connections {
  private final Rooms rooms;
  private final Quotas quotas;
  private final Publishing publishing;
  private final Limits limits;
  private final Timers timers;

  Connections(Rooms rooms, Quotas quotas, Publishing publishing, Limits limits, Timers timers) {
    this.rooms = rooms;
    this.quotas = quotas;
    this.publishing = publishing;
    this.limits = limits;
    this.timers = timers;
  }

  /**
   * A client joins with a token that was found valid.
   *
   * @return whether another client with the same token was thrown out for it
   * @throws Refusal with a {@link JoinError}
   */
  boolean join(Pass pass, Instant now) {
    Room room =
        rooms
            .find(pass.stageArn())
            .orElseThrow(() -> JoinError.STAGE_DELETED.because("no stage " + pass.stageArn()));
    String id = pass.participantId();
    if (room.isBurnt(id)) {
      throw JoinError.PARTICIPANT_DISCONNECTED.because("participant " + id + " was disconnected");
    }
    if (room.hasReplica(id)) {
      // Not documented: one id cannot stand for two participants of a session.
      throw JoinError.TOKEN_NOT_ALLOWED.because("participant " + id + " is here as a replica");
    }
    Optional<Guest> earlier = room.guest(id);
    if (earlier.isEmpty()) {
      refuseBeyondQuota(room, pass);
    }
    earlier.ifPresent(guest -> depart(room, guest, true, now));
    room.admit(new Guest(pass), now);
    publishing.reconsiderEnd(room, now);
    return earlier.isPresent();
  }

  private void refuseBeyondQuota(Room room, Pass pass) {
    quotas
        .brokenByJoin(room, pass)
        .ifPresent(
            limit -> {
              throw JoinError.STAGE_AT_CAPACITY.because(limit.wireName() + " is reached");
            });
  }

  void leave(Room room, Guest guest, Instant now) {
    depart(room, guest, true, now);
  }

  /** Its connection breaks; IVS takes it for connected until it has waited in vain. */
  void vanish(Room room, Guest guest, Instant now) {
    if (guest.isVanished()) {
      return;
    }
    Duration patience = Duration.ofMillis(limits.get(Limit.VANISH_MILLIS));
    guest.vanish(timers.at(now.plus(patience), due -> giveUp(room, guest, due)));
  }

  private void giveUp(Room room, Guest guest, Instant now) {
    boolean published = guest.isPublishing();
    depart(room, guest, true, now);
    guest.publishAgain(published);
  }

  /**
   * It comes back with the token it had, and publishes again when it did not stop by itself.
   *
   * @throws Refusal ResourceNotFoundException when it was never here, or a {@link JoinError}
   */
  void reconnect(Room room, String participantId, Instant now) {
    Optional<Guest> present = room.guest(participantId);
    if (present.isPresent()) {
      present.get().stopWaiting().ifPresent(timers::cancel);
      return;
    }
    Guest before = room.departed(participantId).orElseThrow(() -> unknown(participantId));
    if (before.pass().isExpired(now)) {
      throw JoinError.TOKEN_EXPIRED.because("the token expired at " + before.pass().expiresAt());
    }
    join(before.pass(), now);
    if (before.publishesAgain()) {
      publishing.start(room, guest(room, participantId), now);
    }
  }

  /**
   * Ends a participant for good: its token is dead.
   *
   * @throws Refusal ResourceNotFoundException when it was never here
   */
  void disconnect(Room room, String participantId, Instant now) {
    Optional<Guest> present = room.guest(participantId);
    if (present.isEmpty() && room.departed(participantId).isEmpty()) {
      throw unknown(participantId);
    }
    room.burn(participantId);
    present.ifPresent(guest -> depart(room, guest, false, now));
  }

  /** Throws everybody out, as the end of a stage does. */
  void close(Room room, Instant now) {
    room.guests().forEach(guest -> depart(room, guest, false, now));
  }

  /**
   * @throws Refusal ResourceNotFoundException
   */
  Guest guest(Room room, String participantId) {
    return room.guest(participantId).orElseThrow(() -> unknown(participantId));
  }

  private void depart(Room room, Guest guest, boolean mayReturn, Instant now) {
    guest.stopWaiting().ifPresent(timers::cancel);
    publishing.stop(room, guest, mayReturn, now);
    room.dismiss(guest, now);
    publishing.reconsiderEnd(room, now);
  }

  private static Refusal unknown(String participantId) {
    return new Refusal(
        AwsError.notFound("Resource: participant " + participantId + " not found on the stage"));
  }
}
