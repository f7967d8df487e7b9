package io.fullhouse.gateway.limit;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many in a span of time; all of them at once, too, after a pause.
 *
 * @param count 1 to 1,000,000
 * @param per a second, a minute or an hour
 */
public record Rate(int count, Duration per) {
  private static final Pattern FORMAT = Pattern.compile("([1-9][0-9]{0,5}|1000000)/([smh])");

  /**
   * Reads {@code 10/m}.
   *
   * @throws IllegalArgumentException with a line for the operator
   */
  static Rate parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a rate in RATE_LIMITS looks like 10/m, with s, m or h, not '" + text + "'");
    }
    Duration per =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Rate(Integer.parseInt(matcher.group(1)), per);
  }

  /** Time between two, nanoseconds. */
  long spacing() {
    return per.toNanos() / count;
  }

  /** The same span of time, and at least one in each of these. */
  Rate atLeastEvery(Duration interval) {
    long wanted = (per.toNanos() + interval.toNanos() - 1) / interval.toNanos();
    return new Rate((int) Math.max(count, wanted), per);
  }
}
