package io.fullhouse.scaler;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What {@link ScalingPolicy} decides on: one instant of the registry and the counts.
 *
 * @param stages every stage that is registered, on its way, or has viewers
 * @param totalViewers of the broadcast
 * @param position the last folded event
 * @param age how long ago, by Redis's clock, the fold last heard of the world; empty when it never
 *     did
 * @param asked stages that IVS was asked for and that have no ARN yet
 * @param unknownVersion of the fold, when its numbers may mean something else than is known here
 */
record StageLoad(
    List<Stage> stages,
    long totalViewers,
    EntryId position,
    Optional<Duration> age,
    int asked,
    OptionalInt unknownVersion) {

  /** Where a stage stands in the registry. */
  enum State {
    /** Takes newcomers. */
    OPEN,
    /** Nobody new is seated. */
    CLOSING,
    /** Has viewers and is not registered: for a moment, after data was lost. */
    UNREGISTERED,
    /** IVS has made it, and it will take newcomers. */
    PREPARING
  }

  /**
   * One stage.
   *
   * @param taken seats held, those of joins in flight among them
   * @param viewers counted
   * @param createdAt from its metadata; empty when there is none
   * @param autoScaled only such a stage may be closed, and the master never is
   * @param publishers to whom each of its viewers subscribes
   * @param reopens whether it is closing and would be opened again before another one is made
   */
  record Stage(
      StageArn arn,
      State state,
      long taken,
      long viewers,
      Optional<Instant> createdAt,
      boolean autoScaled,
      int publishers,
      boolean reopens) {
    /** A stage of one publisher. */
    Stage(
        StageArn arn,
        State state,
        long taken,
        long viewers,
        Optional<Instant> createdAt,
        boolean autoScaled) {
      this(arn, state, taken, viewers, createdAt, autoScaled, 1, false);
    }

    /** Who is there, or about to be. */
    long audience() {
      return Math.max(taken, viewers);
    }
  }

  StageLoad {
    stages = List.copyOf(stages);
  }

  /** The load as a fold counts it that is known here. */
  StageLoad(
      List<Stage> stages, long totalViewers, EntryId position, Optional<Duration> age, int asked) {
    this(stages, totalViewers, position, age, asked, OptionalInt.empty());
  }

  /** The load while IVS is asked for nothing. */
  StageLoad(List<Stage> stages, long totalViewers, EntryId position, Optional<Duration> age) {
    this(stages, totalViewers, position, age, 0);
  }

  /** Whether the counts move, and can be understood. */
  boolean isFresh() {
    return unknownVersion.isEmpty()
        && age.filter(old -> old.compareTo(ScalingPolicy.STALE_AFTER) <= 0).isPresent();
  }

  /** Stages that take newcomers. */
  int open() {
    return count(stage -> stage.state() == State.OPEN);
  }

  /** Stages that will take newcomers: no need to ask for them again. */
  int preparing() {
    return asked + count(stage -> stage.state() == State.PREPARING);
  }

  /** Stages that IVS has, or soon will: a closing one, too, holds what it has until it is gone. */
  int existing() {
    return asked + stages.size();
  }

  /** Closing stages that cost nothing to open again. */
  int reopenable() {
    return count(stage -> stage.state() == State.CLOSING && stage.reopens());
  }

  /** Whether a change is under way: another one waits for its end. */
  boolean changing() {
    return preparing() > 0 || count(stage -> stage.state() == State.CLOSING) > 0;
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
        && asked >= 0
        && stages.stream()
            .allMatch(
                stage -> stage.taken() >= 0 && stage.viewers() >= 0 && stage.publishers() >= 0)
        && stages.stream().mapToLong(Stage::viewers).sum() == totalViewers;
  }

  private int count(Predicate<Stage> condition) {
    return (int) stages.stream().filter(condition).count();
  }
}
