package io.fullhouse.scaler;

import com.codahale.metrics.health.HealthCheck;
import io.fullhouse.redis.WorkerLoop;

/** Whether a loop does its work, and if not, why. */
final class LoopHealthCheck extends HealthCheck {
  private final WorkerLoop loop;

  LoopHealthCheck(WorkerLoop loop) {
    this.loop = loop;
  }

  @Override
  protected Result check() {
    return loop.trouble().map(Result::unhealthy).orElseGet(Result::healthy);
  }
}
