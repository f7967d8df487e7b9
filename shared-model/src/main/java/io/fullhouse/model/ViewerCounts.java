package io.fullhouse.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One entry of the {@code counts} stream: what the fold found after a batch of events. Absolute
 * values, so the newest entry of a stage says all there is to say about it.
 *
 * @param position the last event folded into these numbers
 * @param total viewers of the broadcast
 * @param publisherLive whether anybody publishes
 * @param viewers of each stage that changed; the others are as they were
 */
public record ViewerCounts(
    EntryId position, long total, boolean publisherLive, Map<StageArn, Long> viewers) {
  /** The schema version that the fold writes. */
  public static final int VERSION = 1;

  public ViewerCounts {
    viewers = Map.copyOf(viewers);
  }

  /** What an entry's fields turned out to be. */
  public sealed interface Decoded {
    /** Counts of a known version. */
    record Counts(ViewerCounts counts) implements Decoded {}

    /** Written by a fold of another version than this reader knows. */
    record OtherVersion(String version) implements Decoded {}

    /** Not counts at all. */
    record Unreadable(String reason) implements Decoded {}
  }

  /**
   * Reads an entry's fields. Never throws: whoever reads a stream must be able to step over what
   * cannot be read. Fields that are neither known nor the ARN of a stage came later: skipped.
   */
  public static Decoded decode(Map<String, String> fields) {
    String version = fields.getOrDefault("v", "");
    if (!version.equals(Integer.toString(VERSION))) {
      return version.matches("[0-9]{1,9}")
          ? new Decoded.OtherVersion(version)
          : new Decoded.Unreadable("version");
    }
    try {
      return new Decoded.Counts(
          new ViewerCounts(
              EntryId.parse(fields.getOrDefault("at", "")),
              count(fields.getOrDefault("total", "")),
              fields.getOrDefault("publisher", "").equals("live"),
              viewers(fields)));
    } catch (IllegalArgumentException e) {
      return new Decoded.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static Map<StageArn, Long> viewers(Map<String, String> fields) {
    Map<StageArn, Long> viewers = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> {
          if (StageArn.isValid(name)) {
            viewers.put(new StageArn(name), count(value));
          }
        });
    return viewers;
  }

  private static long count(String text) {
    if (!text.matches("[0-9]{1,15}")) {
      throw new IllegalArgumentException("a count is a number, not '" + text + "'");
    }
    return Long.parseLong(text);
  }
}
