package io.fullhouse.gateway.limit;

import java.time.Duration;

/**
 * What a limit says of one request.
 *
 * @param granted whether it may go on
 * @param limit how many a span of time has
 * @param remaining how many may follow at once
 * @param pause until the next one may come; zero while some remain
 */
public record Quota(boolean granted, long limit, long remaining, Duration pause) {
  public Quota {
    remaining = Math.max(0, remaining);
    pause = pause.isNegative() ? Duration.ZERO : pause;
  }

  /** Whole seconds, rounded up: who comes back after them is not too early. */
  long pauseSeconds() {
    return pause.plusNanos(999_999_999).toSeconds();
  }
}
