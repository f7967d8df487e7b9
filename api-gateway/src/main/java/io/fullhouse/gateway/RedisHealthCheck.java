package io.fullhouse.gateway;

import com.codahale.metrics.health.HealthCheck;

/** Whether Redis answers, on the admin port. */
final class RedisHealthCheck extends HealthCheck {
  private final GatewayRedis redis;

  RedisHealthCheck(GatewayRedis redis) {
    this.redis = redis;
  }

  @Override
  protected Result check() throws Exception {
    redis.call(c -> c.ping()).toCompletableFuture().get(); // bounded by GatewayRedis
    return Result.healthy();
  }
}
