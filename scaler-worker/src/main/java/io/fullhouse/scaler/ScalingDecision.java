package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;

/**
 * What the policy wants. Two decisions are equal when the same would be done for the same reason.
 */
sealed interface ScalingDecision {
  Reason reason();

  /** Why. */
  enum Reason {
    /** More seats are held than the scale-up line allows. */
    ABOVE_SCALE_UP_LINE("demand is above the scale-up line"),
    /** More stages are wanted than there may be. */
    AT_MAXIMUM("demand is above the scale-up line and no further stage is allowed"),
    /** A stage is nearly empty and the others have room for its viewers. */
    SPARE_STAGE("a stage is nearly empty and the others have room"),
    /** Nothing to do. */
    WITHIN_LIMITS("demand is within the limits"),
    /** A stage is still closing. */
    CHANGE_IN_PROGRESS("a stage is still closing"),
    /** No stage takes newcomers. */
    NO_OPEN_STAGE("no stage is registered as open"),
    /** The fold has not heard of the world yet. */
    MISSING_INPUT("there are no counts yet"),
    /** The fold has not heard of the world for too long. */
    STALE_INPUT("the counts do not move: no gateway ticks, or no counter folds"),
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
   * @param desired how many in all, within [1, max]
   */
  record ScaleOut(int desired, Reason reason) implements ScalingDecision {}

  /**
   * One stage fewer.
   *
   * @param stage the one to drain
   */
  record ScaleIn(StageArn stage, Reason reason) implements ScalingDecision {}

  /** Nothing is changed. */
  record Hold(Reason reason) implements ScalingDecision {}
}
