package io.fullhouse.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a stream entry: the event's time by Redis's clock, and its place among the entries of
 * the same millisecond. Compared as two numbers, never as text.
 *
 * @param millis epoch milliseconds
 * @param sequence from 0
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId> {
  /** Before the first entry of any stream. */
  public static final EntryId ZERO = new EntryId(0, 0);

  private static final Pattern FORMAT = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

  /**
   * Reads {@code ms-seq}, or {@code ms} alone, which means its first entry.
   *
   * @throws IllegalArgumentException when the text is not an entry id
   */
  public static EntryId parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an entry id looks like 1795348800123-0, not '" + text + "'");
    }
    String sequence = matcher.group(2);
    return new EntryId(
        Long.parseLong(matcher.group(1)), sequence == null ? 0 : Long.parseLong(sequence));
  }

  /** Whether this entry stands behind the other one in the log. */
  public boolean isAfter(EntryId other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(EntryId other) {
    int byTime = Long.compare(millis, other.millis);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return millis + "-" + sequence;
  }
}
