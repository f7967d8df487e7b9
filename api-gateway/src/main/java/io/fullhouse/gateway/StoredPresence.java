package io.fullhouse.gateway;

import io.fullhouse.model.PresenceId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A presence as the fold stored it.
 *
 * @param seen when it was last heard
 * @param joined since when this user is present, over moves and newer joins
 */
record StoredPresence(PresenceId id, Instant seen, Instant joined) {
  /** The twin of {@code presence} in {@code seats.lua}. */
  private static final Pattern VALUE =
      Pattern.compile(
          "\\{\"timestamp\":([0-9]{1,15}),\"participantId\":\"([a-zA-Z0-9_-]*)\","
              + "\"joinedAt\":([0-9]{1,15}),\"admission\":\"([a-zA-Z0-9]*)\"}");

  /** Empty when it was damaged. */
  static Optional<StoredPresence> parse(String value) {
    Matcher matcher = VALUE.matcher(value);
    try {
      return matcher.matches()
          ? Optional.of(
              new StoredPresence(
                  new PresenceId(matcher.group(2), matcher.group(4)),
                  Instant.ofEpochMilli(Long.parseLong(matcher.group(1))),
                  Instant.ofEpochMilli(Long.parseLong(matcher.group(3)))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // overlong ids: damaged, too
    }
  }
}
