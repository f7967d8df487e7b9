package io.fullhouse.gateway.live;

import io.fullhouse.gateway.live.LiveEvent.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What one watcher is still to be sent. Thread-safe.
 *
 * <p>The newest numbers take the place of numbers that wait; what happened to stages is kept, up to
 * a bound.
 */
final class Outbox {
  /** More than a returning watcher is sent at once. */
  static final int MOST = 2_000;

  private final Deque<LiveEvent> waiting = new ArrayDeque<>();
  private @Nullable LiveEvent stats;

  /** False: there is no room, and something would be lost. */
  synchronized boolean put(LiveEvent event) {
    if (event.kind() == Kind.KEEP_ALIVE && !waiting.isEmpty()) {
      return true;
    }
    if (event.kind() == Kind.STATS) {
      if (stats != null) {
        waiting.remove(stats);
      }
      stats = event;
    }
    waiting.add(event);
    return waiting.size() <= MOST;
  }

  synchronized @Nullable LiveEvent next() {
    LiveEvent event = waiting.poll();
    if (event == stats) {
      stats = null;
    }
    return event;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }
}
