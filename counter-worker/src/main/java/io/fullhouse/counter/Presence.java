package io.fullhouse.counter;

import io.fullhouse.model.EndReason;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.PastPresence;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One viewer's stay on a stage.
 *
 * @param seenMillis when it was last heard, epoch milliseconds of stream time
 * @param joinedMillis since when this user is present, over moves and newer joins, likewise
 */
record Presence(StageArn stage, PresenceId id, long seenMillis, long joinedMillis) {
  private static final Pattern VALUE =
      Pattern.compile(
          "\\{\"timestamp\":(\\d{1,18}),\"participantId\":\"([\\w-]*)\","
              + "\"joinedAt\":(\\d{1,18}),\"admission\":\"(\\w*)\"}");

  /** The value of the stage's heartbeat hash, to the byte as {@code drain.lua} writes it. */
  String toValue() {
    return "{\"timestamp\":"
        + seenMillis
        + ",\"participantId\":\""
        + id.participant()
        + "\",\"joinedAt\":"
        + joinedMillis
        + ",\"admission\":\""
        + id.admission()
        + "\"}";
  }

  /**
   * Reads what {@link #toValue} writes.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  static Presence ofValue(StageArn stage, String value) {
    Matcher matcher = VALUE.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a presence: " + value);
    }
    return new Presence(
        stage,
        new PresenceId(matcher.group(2), matcher.group(4)),
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(3)));
  }

  /** What is told of it afterwards. */
  PastPresence endedBy(EntryId end, EndReason reason) {
    return new PastPresence(end, stage, id.participant(), joinedMillis, reason.wireName());
  }

  Presence seenAt(long millis) {
    return new Presence(stage, id, millis, joinedMillis);
  }
}
