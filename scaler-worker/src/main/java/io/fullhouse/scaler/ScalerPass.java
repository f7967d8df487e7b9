package io.fullhouse.scaler;

import io.fullhouse.redis.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the master stage, and in each interval, or when called, observes, decides and says so.
 *
 * <p>Level-triggered: each pass compares what is with what is wanted, so nothing is owed to a pass
 * that failed or a message that was missed. For one thread; throws what Redis throws.
 */
final class ScalerPass {
  /** How soon a lost registration is noticed, whatever else goes on. */
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final MasterStage master;
  private final StageRegistry registry;
  private final ViewerCountHandler counts;
  private final ScalingLimits limits;
  private final Duration interval;
  private final Wakeup wakeup;
  private final ScalerMetrics metrics;
  private final InstantSource time;
  private final DecisionLog decisions;
  private final ScalingPolicy policy = new ScalingPolicy();
  private Instant due = Instant.MIN;

  ScalerPass(
      MasterStage master,
      StageRegistry registry,
      ViewerCountHandler counts,
      ScalingLimits limits,
      Duration interval,
      Wakeup wakeup,
      ScalerMetrics metrics,
      InstantSource time) {
    this.master = master;
    this.registry = registry;
    this.counts = counts;
    this.limits = limits;
    this.interval = interval;
    this.wakeup = wakeup;
    this.metrics = metrics;
    this.time = time;
    this.decisions = new DecisionLog(metrics);
  }

  /**
   * Looks after the master stage, and does a pass when it is time.
   *
   * @return how long nothing more is to be done, unless somebody calls
   */
  Duration step() {
    Instant now = time.instant();
    boolean called = wakeup.take();
    master.keep();
    if (called || !now.isBefore(due)) {
      pass(now);
      due = now.plus(interval);
    }
    return WATCH_INTERVAL;
  }

  private void pass(Instant now) {
    long start = System.nanoTime();
    master.refresh();
    StageLoad load = registry.observe();
    ScalingDecision decision = policy.decide(load, limits, now);
    decisions.record(decision, load, limits);
    counts.scaleUpLine(limits.scaleUpLine(load.open()));
    metrics.decideMillis.update(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }
}
