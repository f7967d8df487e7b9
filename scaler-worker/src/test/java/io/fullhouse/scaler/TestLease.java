package io.fullhouse.scaler;

import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import java.time.Duration;

/** Leases for tests. */
final class TestLease {
  private TestLease() {}

  /** Held by the only scaler there is. */
  static Lease held(Redis redis, RedisKeys keys) {
    Lease lease = new Lease(redis, keys, "test", Duration.ofMinutes(10), () -> {});
    lease.step();
    return lease;
  }
}
