package io.fullhouse.scaler;

import com.codahale.metrics.health.HealthCheck;

/**
 * Whether the scaler that acts has registered the master stage. IVS being away is said but is not
 * unhealthy: nobody would be helped by a restart.
 */
final class MasterStageHealthCheck extends HealthCheck {
  private final MasterStage master;
  private final Lease lease;

  MasterStageHealthCheck(MasterStage master, Lease lease) {
    this.master = master;
    this.lease = lease;
  }

  @Override
  protected Result check() {
    if (lease.token().isEmpty()) {
      return Result.healthy("standing by: another scaler looks after it");
    }
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
