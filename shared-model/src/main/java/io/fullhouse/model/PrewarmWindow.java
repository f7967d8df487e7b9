package io.fullhouse.model;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * At least so many seats, whoever comes, from one time until another. Immutable.
 *
 * @param seats in all, on however many stages
 * @param from empty: from now on
 * @param until the first instant at which they are no longer wanted; empty: for good
 */
public record PrewarmWindow(long seats, Optional<Instant> from, Optional<Instant> until) {
  /** More than IVS seats in a Region by far: a number beyond it is a slip of the hand. */
  private static final long MAX_SEATS = 100_000_000;

  /**
   * @throws IllegalArgumentException with a line for the operator
   */
  public PrewarmWindow {
    if (seats < 0 || seats > MAX_SEATS) {
      throw new IllegalArgumentException(
          "a pre-warm of %d seats: it takes 0 to %d".formatted(seats, MAX_SEATS));
    }
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      throw new IllegalArgumentException(
          "a pre-warm from %s until %s ends before it begins".formatted(from.get(), until.get()));
    }
  }

  /**
   * Reads {@code 300@2026-11-23T18:00:00Z/2026-11-23T20:00:00Z}. Either time may be left out:
   * {@code 300@/2026-11-23T20:00:00Z}, {@code 300@2026-11-23T18:00:00Z} and {@code 300} are
   * windows, too.
   *
   * @throws IllegalArgumentException with a line for the operator
   */
  public static PrewarmWindow parse(String text) {
    String[] seatsAndTimes = text.strip().split("@", 2);
    String[] times = (seatsAndTimes.length > 1 ? seatsAndTimes[1] : "").split("/", 2);
    return new PrewarmWindow(
        seats(seatsAndTimes[0].strip(), text),
        time(times[0], text),
        times.length > 1 ? time(times[1], text) : Optional.empty());
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String times =
        from.map(Instant::toString).orElse("") + until.map(time -> "/" + time).orElse("");
    return times.isEmpty() ? Long.toString(seats) : seats + "@" + times;
  }

  /**
   * Whether there must be these seats now, if it takes {@code lead} until what is asked for is
   * there.
   */
  boolean appliesAt(Instant now, Duration lead) {
    return from.map(time -> !time.isAfter(now.plus(lead))).orElse(true) && !isOver(now);
  }

  boolean isOver(Instant now) {
    return until.map(time -> !now.isBefore(time)).orElse(false);
  }

  private static long seats(String text, String whole) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw unreadable(whole, "'" + text + "' is not a number of seats", e);
    }
  }

  private static Optional<Instant> time(String text, String whole) {
    String time = text.strip();
    try {
      return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
    } catch (DateTimeException e) {
      throw unreadable(whole, "'" + time + "' is not a time such as 2026-11-23T18:00:00Z", e);
    }
  }

  private static IllegalArgumentException unreadable(String whole, String why, Exception cause) {
    return new IllegalArgumentException(
        "cannot read the pre-warm '%s' (seats@from/until): %s".formatted(whole.strip(), why),
        cause);
  }
}
