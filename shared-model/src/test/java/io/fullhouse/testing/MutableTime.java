package io.fullhouse.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told otherwise. Thread-safe. */
public final class MutableTime implements InstantSource {
  private Instant now;

  private MutableTime(Instant start) {
    this.now = start;
  }

  public static MutableTime at(Instant start) {
    return new MutableTime(start);
  }

  /** Starts at the real time, cut to milliseconds as Redis's is. */
  public static MutableTime fromNow() {
    return at(Instant.ofEpochMilli(InstantSource.system().millis()));
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** Moves by a duration, back when it is negative, and says what time it is then. */
  public synchronized Instant advance(Duration duration) {
    now = now.plus(duration);
    return now;
  }
}
