package io.fullhouse.scaler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast the audience grows, from what was demanded in the last while.
 *
 * <p>Thread-safe, in bounded memory. A crowd is believed as far as it has lasted: growth counts
 * over the whole window even when it filled only a part of it, so that a burst of one second is not
 * taken for a minute of the same. An audience that returns after data was lost does not join: until
 * it is back where it was, or has had its time, the rate is 0.
 */
final class JoinRate {
  /** Samples that are kept, about; those in between add nothing to a straight line. */
  private static final int STEPS = 32;

  /** Who leaves within two samples a few seconds apart left one by one; half of all did not. */
  private static final int COLLAPSE = 2;

  private final Duration window;
  private final Duration returnTime;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long lost;
  private Instant backBy = Instant.MIN;

  private record Sample(Instant at, long demand) {}

  /**
   * @param window over which growth is measured; as long as a stage takes to open, what is expected
   *     in that time is what came in the same time before
   * @param returnTime how long an audience takes to be counted again after data was lost: the
   *     heartbeat timeout
   */
  JoinRate(Duration window, Duration returnTime) {
    if (window.isZero() || window.isNegative() || returnTime.isNegative()) {
      throw new IllegalArgumentException("JOIN_RATE_WINDOW is a time above zero");
    }
    this.window = window;
    this.returnTime = returnTime;
  }

  /**
   * Takes note of what is demanded. Not to be told what the policy could not use either.
   *
   * @param demand seats
   */
  synchronized void sample(Instant at, long demand) {
    Sample last = samples.peekLast();
    if (last != null && at.isBefore(last.at())) {
      samples.clear(); // the clock was set: the past cannot be measured any more
    } else if (last != null && demand < last.demand() / COLLAPSE) {
      lost = last.demand();
      backBy = at.plus(returnTime);
    }
    if (isReturning(at, demand) || demand <= 0) {
      samples.clear();
    } else {
      add(new Sample(at, demand));
    }
  }

  /** Seats demanded a second; 0 while that is not known, and when the audience shrinks. */
  synchronized double seatsPerSecond() {
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    if (first == null || last == null) {
      return 0;
    }
    Duration span = Duration.between(first.at(), last.at());
    Duration over = span.compareTo(window) < 0 ? window : span;
    return Math.max(0, last.demand() - first.demand()) * 1e3 / over.toMillis();
  }

  /** To be called when data was lost or the past is no guide for another reason. */
  synchronized void forget() {
    samples.clear();
  }

  private boolean isReturning(Instant at, long demand) {
    if (lost > 0 && (demand >= lost || !at.isBefore(backBy))) {
      lost = 0;
    }
    return lost > 0;
  }

  private void add(Sample sample) {
    Sample last = samples.pollLast();
    if (last != null) {
      Sample beforeLast = samples.peekLast();
      Duration step = window.dividedBy(STEPS);
      // The first is where growth began and stays.
      if (beforeLast == null || isBeyond(beforeLast, last.at(), step)) {
        samples.addLast(last);
      }
    }
    samples.addLast(sample);
    dropOld(sample.at());
  }

  /** Keeps one sample from before the window: growth is measured from there. */
  private void dropOld(Instant now) {
    Sample first = samples.removeFirst();
    while (!samples.isEmpty() && isBeyond(samples.peekFirst(), now, window)) {
      first = samples.removeFirst();
    }
    samples.addFirst(first);
  }

  private static boolean isBeyond(Sample sample, Instant at, Duration distance) {
    return !sample.at().plus(distance).isAfter(at);
  }
}
