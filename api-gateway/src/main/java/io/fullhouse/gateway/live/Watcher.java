package io.fullhouse.gateway.live;

import java.util.Optional;

/** Somebody who watches. The hub's thread calls; nothing here waits. */
interface Watcher {
  /** Sends it as soon as the client takes it. False: the client is too far behind. */
  boolean offer(LiveEvent event);

  /**
   * About every second: what is to be done when nothing happens.
   *
   * @param now as {@link System#nanoTime}
   * @param stats the numbers, if they are known to be those of now
   */
  Health look(long now, Optional<LiveEvent> stats);

  /** Says goodbye if that can be said at once, and lets go of the client. */
  void end(End why);

  /** How a client does. */
  enum Health {
    WELL,
    /** It takes nothing any more. */
    STUCK,
    /** It is gone, or does not answer. */
    GONE
  }

  /** Why somebody is let go. */
  enum End {
    /** It does not take what it is sent. */
    SLOW(1008, "TOO_SLOW"),
    GONE(1008, "NO_ANSWER"),
    STOPPING(1001, "STOPPING");

    private final int closeCode;
    private final String wireName;

    End(int closeCode, String wireName) {
      this.closeCode = closeCode;
      this.wireName = wireName;
    }

    /** RFC 6455, section 7.4.1. */
    int closeCode() {
      return closeCode;
    }

    String wireName() {
      return wireName;
    }
  }
}
