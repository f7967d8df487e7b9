package io.fullhouse.scaler;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * The bounds within which {@link ScalingPolicy} decides. One validated configuration, because each
 * bound only makes sense beside the others.
 *
 * @param stageCapacity seats on one stage
 * @param maxStages stages of the broadcast, the master among them
 * @param scaleUpUtilization share of all seats, above 0 and at most 1, above which more are wanted
 * @param scaleDownViewers a stage with at most so many viewers may be closed
 * @param warmUp a stage younger than this is not closed
 * @param openTime from the decision until a new stage takes viewers
 * @param coolDown after a change of the fleet no stage is closed for so long
 * @param spareStages stages beyond those that are needed
 * @param quotas what IVS allows
 */
record ScalingLimits(
    int stageCapacity,
    int maxStages,
    BigDecimal scaleUpUtilization,
    int scaleDownViewers,
    Duration warmUp,
    Duration openTime,
    Duration coolDown,
    int spareStages,
    IvsQuotas quotas) {
  /**
   * A stage is closed only if the demand is at most this share of what the others take without
   * growing again. An audience that swings by 10 % around a line reaches 82 % of its highest
   * demand: with any share below, nothing opens and closes in turn.
   */
  private static final BigDecimal SCALE_DOWN_SHARE = new BigDecimal("0.8");

  /** Numbers of stages beyond it are all alike: no account has so many. */
  private static final BigDecimal MANY = BigDecimal.valueOf(1_000_000);

  /**
   * @throws IllegalArgumentException with a line for the operator when they contradict each other
   */
  ScalingLimits {
    if (stageCapacity < 1 || maxStages < 1 || scaleDownViewers < 0) {
      throw new IllegalArgumentException("capacity, stages and viewers cannot be negative or zero");
    }
    if (warmUp.isNegative() || openTime.isNegative() || coolDown.isNegative()) {
      throw new IllegalArgumentException("times cannot be negative");
    }
    if (scaleUpUtilization.signum() <= 0 || scaleUpUtilization.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("SCALE_UP_UTILIZATION is a share: above 0, at most 1");
    }
    if (scaleDownViewers > seatsBelowLine(stageCapacity, scaleUpUtilization, 1)) {
      throw new IllegalArgumentException(
          "SCALE_DOWN_VIEWERS (%d) is above the scale-up line of one stage (%s of %d seats)"
              .formatted(scaleDownViewers, scaleUpUtilization.toPlainString(), stageCapacity));
    }
    if (spareStages < 0 || spareStages >= maxStages) {
      throw new IllegalArgumentException(
          "WARM_SPARE_STAGES (%d) is not negative, and below MAX_STAGES (%d)"
              .formatted(spareStages, maxStages));
    }
    if (stageCapacity > quotas.subscribersPerStage()) {
      throw new IllegalArgumentException(
          ("STAGE_CAPACITY (%d) is above IVS_SUBSCRIBERS_PER_STAGE (%d): IVS would turn away"
                  + " viewers whom we seat")
              .formatted(stageCapacity, quotas.subscribersPerStage()));
    }
  }

  /** The largest demand for which so many stages are enough. */
  long scaleUpLine(int stages) {
    return seatsBelowLine(stageCapacity, scaleUpUtilization, stages);
  }

  /** The number of stages that keeps a demand at or below the line; at least 1, with no maximum. */
  int stagesFor(long demand) {
    return stages(demand, scaleUpUtilization);
  }

  /** The number below which one does not go while there is such a demand; at least 1. */
  int stagesToKeepFor(long demand) {
    return stages(demand, scaleUpUtilization.multiply(SCALE_DOWN_SHARE));
  }

  /** The number of stages that have so many seats; at least 1. */
  int stagesToSeat(long seats) {
    return stages(seats, BigDecimal.ONE);
  }

  private int stages(long seats, BigDecimal utilization) {
    BigDecimal perStage = BigDecimal.valueOf(stageCapacity).multiply(utilization);
    return BigDecimal.valueOf(seats)
        .divide(perStage, 0, RoundingMode.CEILING)
        .max(BigDecimal.ONE)
        .min(MANY)
        .intValueExact();
  }

  private static long seatsBelowLine(int capacity, BigDecimal utilization, int stages) {
    return BigDecimal.valueOf((long) capacity * stages)
        .multiply(utilization)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
