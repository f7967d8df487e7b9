package io.fullhouse.scaler;

import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * How many stages there should be: a pure function of load, limits and time.
 *
 * <p>Guarantees: what it wants lies within [1, max]; once a decision is carried out, it holds;
 * input that is missing, stale or impossible never changes anything.
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

  ScalingDecision decide(StageLoad load, ScalingLimits limits, Instant now) {
    Optional<Reason> unusable = unusable(load);
    if (unusable.isPresent()) {
      return new Hold(unusable.get());
    }
    int desired = limits.stagesFor(load.demand());
    if (desired > load.open()) {
      return new ScaleOut(desired, Reason.ABOVE_SCALE_UP_LINE);
    }
    if (load.demand() > limits.scaleUpLine(load.open())) {
      return new Hold(Reason.AT_MAXIMUM);
    }
    if (load.changing()) {
      return new Hold(Reason.CHANGE_IN_PROGRESS);
    }
    if (desired == load.open()) {
      return new Hold(Reason.WITHIN_LIMITS); // hysteresis: without one, the rest is above the line
    }
    return load.stages().stream()
        .filter(stage -> closable(stage, limits, now))
        .min(FIRST_TO_CLOSE)
        .<ScalingDecision>map(stage -> new ScaleIn(stage.arn(), Reason.SPARE_STAGE))
        .orElse(new Hold(Reason.WITHIN_LIMITS));
  }

  private static Optional<Reason> unusable(StageLoad load) {
    if (load.age().isEmpty()) {
      return Optional.of(Reason.MISSING_INPUT);
    }
    if (load.age().get().compareTo(STALE_AFTER) > 0) {
      return Optional.of(Reason.STALE_INPUT);
    }
    if (!load.possible()) {
      return Optional.of(Reason.IMPOSSIBLE_INPUT);
    }
    return load.open() == 0 ? Optional.of(Reason.NO_OPEN_STAGE) : Optional.empty();
  }

  /** A stage without metadata is of unknown age and origin: it stays. */
  private static boolean closable(Stage stage, ScalingLimits limits, Instant now) {
    return stage.state() == State.OPEN
        && stage.autoScaled()
        && stage.viewers() <= limits.scaleDownViewers()
        && stage.createdAt().filter(at -> !at.plus(limits.warmUp()).isAfter(now)).isPresent();
  }
}
