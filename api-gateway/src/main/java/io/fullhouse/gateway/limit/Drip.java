package io.fullhouse.gateway.limit;

/**
 * A bucket that fills by itself, as one number: when it will be full again (GCRA). Not thread-safe.
 */
final class Drip {
  private final long spacing;
  private final long span;
  private long fullAt;

  /**
   * A full one.
   *
   * @param spacing nanoseconds in which one drop falls
   * @param size drops in a full bucket
   */
  Drip(long spacing, int size, long now) {
    this.spacing = spacing;
    this.span = spacing * size;
    this.fullAt = now;
  }

  boolean take(long now) {
    long next = spacing + (fullAt - now > 0 ? fullAt : now);
    if (next - now > span) {
      return false;
    }
    fullAt = next;
    return true;
  }

  long remaining(long now) {
    return (span - Math.max(0, fullAt - now)) / spacing;
  }

  /** Nanoseconds until one can be taken; zero or less when that is now. */
  long untilNext(long now) {
    return fullAt + spacing - span - now;
  }
}
