package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Wakeup;
import io.fullhouse.scaler.StageFleet.Lookup;
import java.time.Duration;

/**
 * Asks IVS about the master stage: at the start, then now and then. On a thread of its own, so that
 * an IVS that does not answer delays nothing else. For one thread.
 */
final class MasterStageLookup {
  /** Names and endpoints hardly ever change, and the account has 5 calls a second for all. */
  private static final Duration AGAIN_WHEN_KNOWN = Duration.ofMinutes(10);

  private final StageFleet fleet;
  private final StageArn arn;
  private final MasterStage master;
  private final Duration againWhenUnknown;
  private final Wakeup wakeup;
  private final ScalerMetrics metrics;

  MasterStageLookup(
      StageFleet fleet,
      StageArn arn,
      MasterStage master,
      Duration againWhenUnknown,
      Wakeup wakeup,
      ScalerMetrics metrics) {
    this.fleet = fleet;
    this.arn = arn;
    this.master = master;
    this.againWhenUnknown = againWhenUnknown;
    this.wakeup = wakeup;
    this.metrics = metrics;
  }

  /**
   * Asks once and hands on the answer.
   *
   * @return when to ask again
   */
  Duration step() {
    Lookup answer = fleet.find(arn);
    metrics.ivsLookups.inc();
    boolean known = answer instanceof Lookup.Found;
    if (!known) {
      metrics.ivsLookupsFailed.inc();
    }
    if (master.lookedUp(answer)) {
      wakeup.call();
    }
    return known ? AGAIN_WHEN_KNOWN : againWhenUnknown;
  }
}
