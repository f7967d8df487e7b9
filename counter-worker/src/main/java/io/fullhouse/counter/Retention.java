package io.fullhouse.counter;

import java.time.Duration;

/**
 * How much of the log is kept.
 *
 * @param time entries older than this, by stream time, may go
 * @param bytes what the stream may take; the older part goes before its time when it takes more
 */
record Retention(Duration time, long bytes) {
  private static final int PARTS = 6;

  /**
   * @throws IllegalArgumentException when nothing would be kept
   */
  Retention {
    if (time.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException("events must be kept for a minute at least");
    }
    if (bytes < 1_000_000) {
      throw new IllegalArgumentException("events must be given 1 MB at least");
    }
  }

  /** Between two checkpoints: the log is kept for at most this much longer than asked. */
  Duration checkpointEvery() {
    return time.dividedBy(PARTS);
  }

  /** Likewise by size: so much log at most lies between two checkpoints. */
  long checkpointEveryBytes() {
    return bytes / PARTS;
  }
}
