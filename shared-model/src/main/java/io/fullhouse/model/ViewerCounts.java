package io.fullhouse.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One entry of the {@code counts} stream: what the fold found after a batch of events. Absolute
 * values, so the newest entry of a stage says all there is to say about it.
 *
 * <p>Services of neighbouring versions work together in any order of deployment. An entry carries
 * {@code v}, the version of its writer, and may carry {@code min}, the oldest reader that
 * understands it; without it that is the version before the writer's. A writer that only adds
 * fields raises {@code v}; one that changes what a field means raises {@code min} too. A reader
 * takes what its neighbours and itself write, and whatever later version says that it may; fields
 * that it does not know it skips. An entry without {@code v} is of version 0. The fold stays at
 * version 1 as long as it can: readers of the first release take no other.
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
    /** Counts of a version that this reader knows well enough. */
    record Counts(ViewerCounts counts) implements Decoded {}

    /** Written by a fold whose numbers mean something else than this reader knows. */
    record OtherVersion(String version) implements Decoded {}

    /** Not counts at all. */
    record Unreadable(String reason) implements Decoded {}
  }

  /**
   * Reads an entry's fields. Never throws: whoever reads a stream must be able to step over what
   * cannot be read. Fields that are neither known nor the ARN of a stage came later: skipped.
   */
  public static Decoded decode(Map<String, String> fields) {
    try {
      OptionalInt other = unknownVersion(fields);
      if (other.isPresent()) {
        return new Decoded.OtherVersion(Integer.toString(other.getAsInt()));
      }
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

  /**
   * The version of counts that this reader must not act on; empty when it may.
   *
   * @param fields {@code v} and {@code min} at least, where they are there
   * @throws IllegalArgumentException when they are no versions
   */
  public static OptionalInt unknownVersion(Map<String, String> fields) {
    int version = version(fields, "v", 0);
    int oldestReader = version(fields, "min", version - 1);
    return version < VERSION - 1 || oldestReader > VERSION
        ? OptionalInt.of(version)
        : OptionalInt.empty();
  }

  private static int version(Map<String, String> fields, String name, int otherwise) {
    String text = fields.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("'" + text + "' is no version");
    }
    return Integer.parseInt(text);
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
