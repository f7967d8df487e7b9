package io.fullhouse.scaler;

import io.fullhouse.scaler.ScalingDecision.Reason;
import java.time.Duration;

/**
 * How many stages would be right, were anything possible, rule by rule. Pure.
 *
 * @param byLine that keep the demand at or below the scale-up line
 * @param byRate that are not full before a further one could be open
 * @param byFloor that have the seats of a pre-warm
 * @param toKeep below which no stage is closed, the floor aside
 * @param spare beyond those that demand needs
 */
record ScalingNeed(int byLine, int byRate, int byFloor, int toKeep, int spare) {

  static ScalingNeed of(ScalingInput input, ScalingLimits limits) {
    long demand = input.load().demand();
    int byRate = limits.stagesToSeat(forecast(demand, input.seatsPerSecond(), limits.openTime()));
    return new ScalingNeed(
        limits.stagesFor(demand),
        byRate,
        limits.stagesToSeat(input.floorSeats()),
        Math.max(limits.stagesToKeepFor(demand), byRate),
        limits.spareStages());
  }

  /** Time-to-full is shorter than time-to-open exactly when this exceeds the seats there are. */
  private static long forecast(long demand, double seatsPerSecond, Duration openTime) {
    return (long) Math.ceil(demand + seatsPerSecond * openTime.toMillis() / 1e3);
  }

  /** Without these somebody is turned away. */
  int needed() {
    return Math.max(byFloor, Math.max(byLine, byRate));
  }

  /** With the spare; seats of a pre-warm are spare enough. */
  int wanted() {
    return Math.max(byFloor, Math.max(byLine, byRate) + spare);
  }

  /** With so many left none is closed for want of demand. */
  int kept() {
    return toKeep + spare;
  }

  /** Why so many stages are not enough. */
  Reason reasonBeyond(int stages) {
    if (byLine > stages && byLine == needed()) {
      return Reason.ABOVE_SCALE_UP_LINE;
    } else if (byRate > stages && byRate == needed()) {
      return Reason.FULL_BEFORE_OPEN;
    } else if (byFloor > stages && byFloor == needed()) {
      return Reason.PREWARM;
    }
    return Reason.WARM_SPARE;
  }
}
