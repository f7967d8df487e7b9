package io.fullhouse.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * The lock around everything that happens on stages: one at a time, and first what was due before.
 * Thread-safe.
 */
final class Turns {
  private final InstantSource time;
  private final Timers timers;

  Turns(InstantSource time, Timers timers) {
    this.time = time;
    this.timers = timers;
  }

  /** Gives the work the time it happens at. */
  synchronized <T> T take(Function<Instant, T> work) {
    Instant now = time.instant();
    timers.settle(now);
    return work.apply(now);
  }

  /** Lets happen what is due. */
  synchronized void settle() {
    timers.settle(time.instant());
  }
}
