package io.fullhouse.gateway;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What everybody may know, of one instant.
 *
 * @param asOf the last folded entry
 * @param lagMillis age of the oldest entry that is not folded yet
 * @param liveSince empty while nobody publishes
 * @param evidence what says that somebody publishes; empty while nobody does
 * @param ended whether an operator ended the broadcast, and nobody began it anew
 * @param counts the last entry of the counts: what comes behind it is news
 * @param notices the last notice, of which the stages tell already
 */
record StatsSnapshot(
    String asOf,
    long lagMillis,
    long totalViewers,
    boolean publisherLive,
    Optional<Instant> liveSince,
    String evidence,
    boolean ended,
    EntryId counts,
    EntryId notices,
    List<Stage> stages) {

  StatsSnapshot {
    stages = List.copyOf(stages);
  }

  /** A stage's registration. */
  enum State {
    ACTIVE,
    /** Nobody new is seated there. */
    DRAINING,
    /** It has viewers, but the scaler has not registered it (yet, after data was lost). */
    UNREGISTERED
  }

  /**
   * @param seatsTaken admitted or present
   * @param viewers present
   * @param metadata what the scaler wrote; empty when it did not yet, or when it is damaged
   */
  record Stage(
      StageArn arn, State state, long seatsTaken, long viewers, Optional<StageMetadata> metadata) {}

  Optional<Stage> stage(StageArn arn) {
    return stages.stream().filter(stage -> stage.arn().equals(arn)).findFirst();
  }

  /** Nothing is registered: everything was lost, and the scaler is at it. */
  boolean recovering() {
    return stages.stream().allMatch(stage -> stage.state() == State.UNREGISTERED);
  }

  Counts counts(StageArn arn) {
    return new Counts(stage(arn).map(Stage::viewers).orElse(0L), totalViewers);
  }
}
