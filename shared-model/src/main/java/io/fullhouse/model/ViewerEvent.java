package io.fullhouse.model;

/**
 * An entry of the viewer stream. Its time is the entry's id, which Redis gives: one clock for
 * everybody, and the same on replay.
 */
public sealed interface ViewerEvent {

  /** An event about one viewer on one stage. */
  sealed interface OfViewer extends ViewerEvent {
    StageArn stage();

    UserId user();

    PresenceId presence();
  }

  /** A viewer takes a seat: joins, comes back, is healed or moves. */
  record Joined(StageArn stage, UserId user, PresenceId presence) implements OfViewer {}

  /** A viewer is still there. Never makes anybody present. */
  record Heartbeat(StageArn stage, UserId user, PresenceId presence) implements OfViewer {}

  /**
   * A viewer goes. Removes only the presence it names.
   *
   * @param reason left, or sent away
   */
  record Left(StageArn stage, UserId user, PresenceId presence, EndReason reason)
      implements OfViewer {
    /** By its own wish. */
    public Left(StageArn stage, UserId user, PresenceId presence) {
      this(stage, user, presence, EndReason.LEFT);
    }
  }

  /**
   * A viewer was silent for too long, or IVS does not have it.
   *
   * @param seenMillis when it was last seen, epoch milliseconds: had anything been heard since, the
   *     entry does nothing
   * @param reason expired, or corrected
   */
  record Expired(
      StageArn stage, UserId user, PresenceId presence, long seenMillis, EndReason reason)
      implements OfViewer {}

  /** An operator bans a user: whatever presence it has is over. Nothing if it has none. */
  record Banned(UserId user) implements ViewerEvent {}

  /** An operator lifts a ban. Changes no count; without it a log would not say who may join. */
  record Unbanned(UserId user) implements ViewerEvent {}

  /**
   * A publisher goes live.
   *
   * @param evidence what says so
   * @param atMillis when, by IVS's clock, epoch milliseconds; 0 for when the entry was made
   */
  record PublisherLive(
      StageArn stage,
      UserId user,
      ParticipantId participant,
      PublisherEvidence evidence,
      long atMillis)
      implements ViewerEvent {
    /** Live from when the entry is made. */
    public PublisherLive(
        StageArn stage, UserId user, ParticipantId participant, PublisherEvidence evidence) {
      this(stage, user, participant, evidence, 0);
    }
  }

  /**
   * A publisher goes offline.
   *
   * @param participant which one; empty means all of them, as an operator's word does
   * @param evidence what says so
   * @param atMillis when, by IVS's clock, epoch milliseconds; 0 for when the entry was made
   */
  record PublisherOffline(String participant, PublisherEvidence evidence, long atMillis)
      implements ViewerEvent {
    /** Offline from when the entry is made. */
    public PublisherOffline(String participant, PublisherEvidence evidence) {
      this(participant, evidence, 0);
    }
  }

  /** A gateway is listening: the only events that move the clock. */
  record Ticked(String gateway) implements ViewerEvent {}

  /** A gateway stops on purpose: its silence is not an outage. */
  record SaidBye(String gateway) implements ViewerEvent {}

  /** The brake: so many fell silent at once that all of them get another timeout. */
  record Credited() implements ViewerEvent {}
}
