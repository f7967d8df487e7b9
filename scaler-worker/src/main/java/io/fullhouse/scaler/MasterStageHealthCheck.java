package io.fullhouse.scaler;

import com.codahale.metrics.health.HealthCheck;

/**
 * Whether the master stage is registered. IVS being away is said but is not unhealthy: nobody would
 * be helped by a restart.
 */
final class MasterStageHealthCheck extends HealthCheck {
  private final MasterStage master;

  MasterStageHealthCheck(MasterStage master) {
    this.master = master;
  }

  @Override
  protected Result check() {
    return master
        .trouble()
        .map(Result::unhealthy)
        .orElseGet(
            () ->
                Result.healthy(
                    master
                        .ivsTrouble()
                        .map(reason -> "registered; IVS cannot be asked: " + reason)
                        .orElse("registered")));
  }
}
