package io.fullhouse.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A presence that is over, as a user's history keeps it. One viewer's stay is one presence, over
 * moves and newer joins: it is told with what it was at its end.
 *
 * @param end the entry that ended it; its time is when the viewer was gone
 * @param stage where it ended
 * @param participant the last connection; empty when the sender did not say
 * @param joinedMillis since when the user was present, epoch milliseconds
 * @param reason {@link EndReason#wireName}, or what a newer fold calls it
 */
public record PastPresence(
    EntryId end, StageArn stage, String participant, long joinedMillis, String reason) {
  private static final Pattern JSON =
      Pattern.compile(
          "\\{\"end\":\"([0-9]{1,15}-[0-9]{1,18})\",\"stageArn\":\"([^\"]*)\","
              + "\"participantId\":\"([a-zA-Z0-9_-]*)\",\"joinedAt\":([0-9]{1,15}),"
              + "\"reason\":\"([a-z]{1,20})\"}");

  /** As it is stored, to the byte as {@code drain.lua} writes it. */
  public String toJson() {
    return "{\"end\":\""
        + end
        + "\",\"stageArn\":\""
        + stage
        + "\",\"participantId\":\""
        + participant
        + "\",\"joinedAt\":"
        + joinedMillis
        + ",\"reason\":\""
        + reason
        + "\"}";
  }

  /** Reads what {@link #toJson} writes; empty when it is anything else. */
  public static Optional<PastPresence> ofJson(String json) {
    Matcher matcher = JSON.matcher(json);
    if (!matcher.matches() || !StageArn.isValid(matcher.group(2))) {
      return Optional.empty();
    }
    return Optional.of(
        new PastPresence(
            EntryId.parse(matcher.group(1)),
            new StageArn(matcher.group(2)),
            matcher.group(3),
            Long.parseLong(matcher.group(4)),
            matcher.group(5)));
  }
}
