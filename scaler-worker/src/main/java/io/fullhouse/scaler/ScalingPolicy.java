package io.fullhouse.scaler;

import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageCeiling.Limit;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * How many stages there should be: a pure function of load, rate, pre-warm, limits and time.
 *
 * <p>Guarantees: what it wants lies within [1, ceiling]; once a decision is carried out, it holds;
 * input that is missing, stale, unknown or impossible never changes anything. It opens at once and
 * in one step, for a crowd does not wait, and closes one stage at a time, for a stage that is open
 * costs little.
 */
final class ScalingPolicy {
  /**
   * Counts older than this are no basis for a decision. Gateways tick every 2 s, so it is fifteen
   * ticks missed in a row.
   */
  static final Duration STALE_AFTER = Duration.ofSeconds(30);

  /** The least loaded; among equals the one opened last, whose viewers have settled least. */
  private static final Comparator<Stage> FIRST_TO_CLOSE =
      Comparator.comparingLong(Stage::taken)
          .thenComparing(stage -> stage.createdAt().orElse(Instant.MIN), Comparator.reverseOrder())
          .thenComparing(stage -> stage.arn().value());

  ScalingDecision decide(ScalingInput input, ScalingLimits limits, Instant now) {
    Optional<Reason> obstacle = obstacle(input);
    if (obstacle.isPresent()) {
      return new Hold(obstacle.get());
    }
    ScalingNeed need = ScalingNeed.of(input, limits);
    return more(need, input, limits).orElseGet(() -> fewer(need, input, limits, now));
  }

  private static Optional<Reason> obstacle(ScalingInput input) {
    StageLoad load = input.load();
    if (input.mode() == ScalingInput.Mode.HOLD) {
      return Optional.of(Reason.OPERATOR_HOLD);
    } else if (input.mode() == ScalingInput.Mode.ENDED) {
      return Optional.of(Reason.BROADCAST_ENDED);
    } else if (load.unknownVersion().isPresent()) {
      return Optional.of(Reason.UNKNOWN_COUNTS);
    } else if (load.age().isEmpty()) {
      return Optional.of(Reason.MISSING_INPUT);
    } else if (load.age().get().compareTo(STALE_AFTER) > 0) {
      return Optional.of(Reason.STALE_INPUT);
    } else if (!input.possible()) {
      return Optional.of(Reason.IMPOSSIBLE_INPUT);
    }
    return load.open() == 0 ? Optional.of(Reason.NO_OPEN_STAGE) : Optional.empty();
  }

  /** Empty when there are as many as are needed, or will be. */
  private static Optional<ScalingDecision> more(
      ScalingNeed need, ScalingInput input, ScalingLimits limits) {
    StageLoad load = input.load();
    StageCeiling ceiling = StageCeiling.of(input, limits);
    int have = load.open() + load.preparing();
    int room = load.reopenable() + Math.max(0, ceiling.stages() - load.existing());
    int possible = Math.max(have, Math.min(ceiling.stages(), have + room));
    // Nobody is turned away for want of a spare: no limit is worth a word.
    Optional<Limit> limit =
        need.needed() > possible ? Optional.of(ceiling.limit()) : Optional.empty();
    int desired = Math.min(need.wanted(), possible);
    if (desired > have) {
      return Optional.of(new ScaleOut(desired, need.reasonBeyond(have), limit));
    }
    return limit.map(what -> new Hold(Reason.AT_MAXIMUM, Optional.of(what)));
  }

  private static ScalingDecision fewer(
      ScalingNeed need, ScalingInput input, ScalingLimits limits, Instant now) {
    StageLoad load = input.load();
    if (load.changing()) {
      return new Hold(Reason.CHANGE_IN_PROGRESS);
    } else if (need.kept() >= load.open()) {
      return new Hold(Reason.WITHIN_LIMITS);
    } else if (need.byFloor() >= load.open()) {
      return new Hold(Reason.KEPT_BY_PREWARM);
    }
    Optional<Stage> spare =
        load.stages().stream().filter(stage -> closable(stage, limits, now)).min(FIRST_TO_CLOSE);
    if (spare.isEmpty()) {
      return new Hold(Reason.WITHIN_LIMITS);
    }
    return coolingDown(input, limits, now)
        ? new Hold(Reason.COOLING_DOWN)
        : new ScaleIn(spare.get().arn(), Reason.SPARE_STAGE);
  }

  /** A stage without metadata is of unknown age and origin: it stays. */
  private static boolean closable(Stage stage, ScalingLimits limits, Instant now) {
    return stage.state() == State.OPEN
        && stage.autoScaled()
        && stage.audience() <= limits.scaleDownViewers()
        && stage.createdAt().filter(at -> !at.plus(limits.warmUp()).isAfter(now)).isPresent();
  }

  /** The stages tell when they were made, also to a scaler that was started a moment ago. */
  private static boolean coolingDown(ScalingInput input, ScalingLimits limits, Instant now) {
    Instant quietSince = now.minus(limits.coolDown());
    return input.lastChange().filter(at -> at.isAfter(quietSince)).isPresent()
        || input.load().stages().stream()
            .filter(Stage::autoScaled)
            .flatMap(stage -> stage.createdAt().stream())
            .anyMatch(at -> at.isAfter(quietSince));
  }
}
