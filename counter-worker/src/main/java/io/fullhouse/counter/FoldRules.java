package io.fullhouse.counter;

import java.time.Duration;

/**
 * The fold's constants. Not configuration: the same log must give the same state wherever and
 * whenever it is folded, so a change here is a new schema version of the events.
 */
final class FoldRules {
  /** How often a gateway ticks. */
  static final Duration TICK = Duration.ofSeconds(2);

  /** Between two ticks beyond which nobody was listening. */
  static final Duration TICK_GAP = TICK.multipliedBy(3);

  /** Within which a lost gateway moves the floor once at most: two default timeouts. */
  static final Duration FORGIVE_ONCE_IN = Duration.ofMinutes(2);

  /** IVS's own events may come hours late; what it told last of a participant is kept longer. */
  static final Duration IVS_TELLS_WITHIN = Duration.ofHours(12);

  /** How many presences of a user that are over are kept. No fold state: this may change. */
  static final int HISTORY_KEPT = 100;

  /** For how long, since the last of them. */
  static final Duration HISTORY_KEPT_FOR = Duration.ofDays(7);

  private FoldRules() {}
}
