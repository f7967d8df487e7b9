package io.fullhouse.gateway;

import java.time.Duration;
import java.time.Instant;

/**
 * How long somebody watched, to the whole second.
 *
 * @param seconds never negative, also where Redis's clock was set back
 */
record WatchTime(long seconds) {
  static WatchTime between(Instant joined, Instant until) {
    return new WatchTime(Math.max(0, Duration.between(joined, until).toSeconds()));
  }

  /** As {@code 1h 02m 03s}: always all three, hours without a limit. */
  String formatted() {
    return "%dh %02dm %02ds".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
