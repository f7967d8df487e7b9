package io.fullhouse.simulator;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What is to happen later, by the simulator's own clock. Guarded by {@link Turns}.
 *
 * <p>Each timer belongs to one guest, session or replication, which bounds their number.
 */
final class Timers {
  /** Names a timer, to cancel it. Earlier ones come first; those of one instant in order made. */
  record Timer(Instant due, long number) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final TreeMap<Timer, Consumer<Instant>> waiting = new TreeMap<>();
  private long made;

  /**
   * @param act gets the instant it was due at, which may be long past when the clock jumped
   */
  Timer at(Instant due, Consumer<Instant> act) {
    made++;
    Timer timer = new Timer(due, made);
    waiting.put(timer, act);
    return timer;
  }

  /** Without effect when it has fired. */
  void cancel(Timer timer) {
    waiting.remove(timer);
  }

  /** Fires all that is due, and what becomes due by that, in order of time. */
  void settle(Instant now) {
    while (!waiting.isEmpty() && !waiting.firstKey().due().isAfter(now)) {
      Map.Entry<Timer, Consumer<Instant>> first = waiting.firstEntry();
      waiting.remove(first.getKey());
      first.getValue().accept(first.getKey().due());
    }
  }
}
