package io.fullhouse.simulator;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One token bucket per operation, as AWS keeps for each account and Region. An operation without a
 * bucket is not limited. Thread-safe.
 */
final class RateLimits {
  private final Map<Operation, TokenBucket> buckets = new ConcurrentHashMap<>();
  private final InstantSource time;

  /**
   * @param on starts with AWS's rates; otherwise with none
   */
  RateLimits(boolean on, InstantSource time) {
    this.time = time;
    if (on) {
      for (Operation operation : Operation.values()) {
        set(operation, operation.callsPerSecond());
      }
    }
  }

  /** Takes the call out of its operation's bucket; false when the bucket is empty. */
  boolean admits(Operation operation) {
    TokenBucket bucket = buckets.get(operation);
    return bucket == null || bucket.take(time.instant());
  }

  /**
   * @param callsPerSecond 0 for no limit
   */
  void set(Operation operation, double callsPerSecond) {
    if (callsPerSecond == 0) {
      buckets.remove(operation);
    } else {
      buckets.put(operation, new TokenBucket(callsPerSecond, time.instant()));
    }
  }

  /** The rate in force, 0 for no limit. */
  double callsPerSecond(Operation operation) {
    TokenBucket bucket = buckets.get(operation);
    return bucket == null ? 0 : bucket.perSecond();
  }
}
