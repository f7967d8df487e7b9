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
 */
record ScalingLimits(
    int stageCapacity,
    int maxStages,
    BigDecimal scaleUpUtilization,
    int scaleDownViewers,
    Duration warmUp) {
  /**
   * @throws IllegalArgumentException with a line for the operator when they contradict each other
   */
  ScalingLimits {
    if (stageCapacity < 1 || maxStages < 1 || scaleDownViewers < 0 || warmUp.isNegative()) {
      throw new IllegalArgumentException("capacity, stages and times cannot be negative or zero");
    }
    if (scaleUpUtilization.signum() <= 0 || scaleUpUtilization.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("SCALE_UP_UTILIZATION is a share: above 0, at most 1");
    }
    if (scaleDownViewers > seatsBelowLine(stageCapacity, scaleUpUtilization, 1)) {
      throw new IllegalArgumentException(
          "SCALE_DOWN_VIEWERS (%d) is above the scale-up line of one stage (%s of %d seats)"
              .formatted(scaleDownViewers, scaleUpUtilization.toPlainString(), stageCapacity));
    }
  }

  /** The largest demand for which so many stages are enough. */
  long scaleUpLine(int stages) {
    return seatsBelowLine(stageCapacity, scaleUpUtilization, stages);
  }

  /** The number of stages for a demand, within [1, {@link #maxStages}]. */
  int stagesFor(long demand) {
    BigDecimal perStage = BigDecimal.valueOf(stageCapacity).multiply(scaleUpUtilization);
    BigDecimal stages = BigDecimal.valueOf(demand).divide(perStage, 0, RoundingMode.CEILING);
    return stages.max(BigDecimal.ONE).min(BigDecimal.valueOf(maxStages)).intValueExact();
  }

  private static long seatsBelowLine(int capacity, BigDecimal utilization, int stages) {
    return BigDecimal.valueOf((long) capacity * stages)
        .multiply(utilization)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
