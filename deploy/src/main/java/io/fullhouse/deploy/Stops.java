package io.fullhouse.deploy;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be stopped, last started first. Thread-safe: a signal may come while things start.
 *
 * <p>One that fails to stop does not keep the others from it.
 */
final class Stops {
  private final Console console;
  private final Deque<Stop> stops = new ArrayDeque<>();
  private volatile boolean stopped;

  private record Stop(String name, Runnable action) {}

  Stops(Console console) {
    this.console = console;
  }

  /**
   * Something that runs now.
   *
   * @throws UpException when all has been stopped meanwhile, and this at once
   */
  synchronized void add(String name, Runnable action) {
    if (stopped) {
      action.run();
      throw UpException.failed("stopped while starting " + name);
    }
    stops.push(new Stop(name, action));
  }

  /** Whether stopping has begun. */
  boolean stopped() {
    return stopped;
  }

  /** Stops everything; a second call waits for the first and does nothing. */
  synchronized void stopAll() {
    stopped = true;
    while (!stops.isEmpty()) {
      Stop stop = stops.pop();
      console.say("stopping " + stop.name());
      try {
        stop.action().run();
      } catch (RuntimeException e) {
        console.say(stop.name() + " did not stop: " + e);
      }
    }
  }
}
