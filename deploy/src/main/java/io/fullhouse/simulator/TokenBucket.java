package io.fullhouse.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket that holds one second's worth of calls and starts full. Thread-safe. Time that
 * runs backwards fills nothing.
 */
final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;
  private double tokens;
  private Instant filledAt;

  TokenBucket(double perSecond, Instant now) {
    this.perSecond = perSecond;
    this.capacity = Math.max(1, perSecond);
    this.tokens = capacity;
    this.filledAt = now;
  }

  double perSecond() {
    return perSecond;
  }

  synchronized boolean take(Instant now) {
    double seconds = Duration.between(filledAt, now).toNanos() / NANOS_PER_SECOND;
    tokens = Math.min(capacity, tokens + Math.max(0, seconds) * perSecond);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
