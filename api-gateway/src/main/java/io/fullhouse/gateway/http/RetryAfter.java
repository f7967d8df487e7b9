package io.fullhouse.gateway.http;

import java.util.concurrent.ThreadLocalRandom;

/**
 * When a refused client may come back, in whole seconds.
 *
 * <p>Jittered, so that those refused together do not come back together.
 */
public record RetryAfter(int fromSeconds, int toSeconds) {
  /** What frees itself within moments: Redis reconnecting, a publisher token under way. */
  public static final RetryAfter SHORTLY = around(2);

  /** A stage is opening. */
  public static final RetryAfter OPENING = new RetryAfter(2, 5);

  /** Nothing changes by itself: a hard limit, closed doors. */
  public static final RetryAfter AT_LEISURE = new RetryAfter(30, 60);

  /** Plus and minus half, and one second at least. */
  public static RetryAfter around(int seconds) {
    return new RetryAfter(Math.max(1, seconds / 2), Math.max(1, seconds + seconds / 2));
  }

  int pick() {
    return ThreadLocalRandom.current().nextInt(fromSeconds, toSeconds + 1);
  }
}
