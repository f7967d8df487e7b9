package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.StageCeiling.Limit;
import java.util.Optional;

/**
 * What the policy wants. Two decisions are equal when the same would be done for the same reason.
 */
sealed interface ScalingDecision {
  Reason reason();

  /** What forbids the stages that are wanted beyond this; empty when none are. */
  default Optional<Limit> limit() {
    return Optional.empty();
  }

  /** Why. */
  enum Reason {
    /** More seats are held than the scale-up line allows. */
    ABOVE_SCALE_UP_LINE("demand is above the scale-up line"),
    /** At the rate of joins all seats are gone before a stage asked for later would be open. */
    FULL_BEFORE_OPEN("joins would fill all seats before a further stage could be open"),
    /** The operator wants seats beforehand. */
    PREWARM("a pre-warm wants more seats"),
    /** The operator wants stages beyond those that are needed. */
    WARM_SPARE("a warm spare is missing"),
    /** More stages are wanted than there may be. */
    AT_MAXIMUM("more seats are needed and no further stage is allowed"),
    /** A stage is nearly empty and the others have room for its viewers. */
    SPARE_STAGE("a stage is nearly empty and the others have room"),
    /** Nothing to do. */
    WITHIN_LIMITS("demand is within the limits"),
    /** A stage could go, had the operator not asked for the seats. */
    KEPT_BY_PREWARM("a pre-warm keeps stages that demand does not need"),
    /** A stage could go, and something changed a moment ago. */
    COOLING_DOWN("a stage is nearly empty, and the last change was too recent"),
    /** A stage is not there yet, or not gone. */
    CHANGE_IN_PROGRESS("a stage is still opening or closing"),
    /** Somebody wants nothing to be changed. */
    OPERATOR_HOLD("an operator holds the scaler"),
    /** The show is over. */
    BROADCAST_ENDED("the broadcast has ended: the further stages are closed"),
    /** No stage takes newcomers. */
    NO_OPEN_STAGE("no stage is registered as open"),
    /** The fold has not heard of the world yet. */
    MISSING_INPUT("there are no counts yet"),
    /** The fold has not heard of the world for too long. */
    STALE_INPUT("the counts do not move: no gateway ticks, or no counter folds"),
    /** A newer counter writes numbers that this scaler would take for something else. */
    UNKNOWN_COUNTS("the counts are of a version that this scaler does not know"),
    /** Numbers that cannot be true. */
    IMPOSSIBLE_INPUT("the counts contradict each other");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** For people. */
    String text() {
      return text;
    }
  }

  /**
   * More stages.
   *
   * @param desired how many that take newcomers, now or soon, within [1, ceiling]
   */
  record ScaleOut(int desired, Reason reason, Optional<Limit> limit) implements ScalingDecision {
    /** As many as are wanted. */
    ScaleOut(int desired, Reason reason) {
      this(desired, reason, Optional.empty());
    }
  }

  /**
   * One stage fewer.
   *
   * @param stage the one to drain
   */
  record ScaleIn(StageArn stage, Reason reason) implements ScalingDecision {}

  /** Nothing is changed. */
  record Hold(Reason reason, Optional<Limit> limit) implements ScalingDecision {
    /** Nothing more is wanted. */
    Hold(Reason reason) {
      this(reason, Optional.empty());
    }
  }
}
