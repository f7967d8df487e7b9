package io.fullhouse.scaler;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What {@link ScalingPolicy} decides on: one instant of the registry and the counts.
 *
 * @param stages every stage that is registered or has viewers
 * @param totalViewers of the broadcast
 * @param position the last folded event
 * @param age how long ago, by Redis's clock, the fold last heard of the world; empty when it never
 *     did
 */
record StageLoad(List<Stage> stages, long totalViewers, EntryId position, Optional<Duration> age) {

  /** Where a stage stands in the registry. */
  enum State {
    /** Takes newcomers. */
    OPEN,
    /** Nobody new is seated. */
    CLOSING,
    /** Has viewers and is not registered: for a moment, after data was lost. */
    UNREGISTERED
  }

  /**
   * One stage.
   *
   * @param taken seats held, those of joins in flight among them
   * @param viewers counted
   * @param createdAt from its metadata; empty when there is none
   * @param autoScaled only such a stage may be closed, and the master never is
   */
  record Stage(
      StageArn arn,
      State state,
      long taken,
      long viewers,
      Optional<Instant> createdAt,
      boolean autoScaled) {}

  StageLoad {
    stages = List.copyOf(stages);
  }

  /** Stages that take newcomers. */
  int open() {
    return (int) count(stage -> stage.state() == State.OPEN);
  }

  /** Whether a change is under way: another one waits for its end. */
  boolean changing() {
    return count(stage -> stage.state() == State.CLOSING) > 0;
  }

  /** Seats taken on all stages. */
  long taken() {
    return stages.stream().mapToLong(Stage::taken).sum();
  }

  /** Who needs a seat: those who hold one, or, after data was lost, those who are counted. */
  long demand() {
    return Math.max(taken(), totalViewers);
  }

  /** Whether these numbers can be true. */
  boolean possible() {
    return totalViewers >= 0
        && stages.stream().allMatch(stage -> stage.taken() >= 0 && stage.viewers() >= 0)
        && stages.stream().mapToLong(Stage::viewers).sum() == totalViewers;
  }

  private long count(Predicate<Stage> condition) {
    return stages.stream().filter(condition).count();
  }
}
