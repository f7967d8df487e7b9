package io.fullhouse.scaler;

import com.codahale.metrics.health.HealthCheck;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.lettuce.core.RedisException;

/** Whether Redis answers; takes as long as a command may. */
final class RedisHealthCheck extends HealthCheck {
  private final Redis redis;

  RedisHealthCheck(Redis redis) {
    this.redis = redis;
  }

  @Override
  protected Result check() {
    try {
      RedisAnswer.await(redis.commands().ping());
      return Result.healthy();
    } catch (RedisException e) {
      return Result.unhealthy("Redis does not answer: " + e.getMessage());
    }
  }
}
