package io.fullhouse.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The application's own name for a viewer or publisher.
 *
 * @param value 1 to 128 bytes of UTF-8 without control characters. 128 is what IVS allows for a
 *     token's {@code userId}.
 */
public record UserId(String value) {
  /** Bytes of UTF-8. */
  public static final int MAX_BYTES = 128;

  /** What may be wrong with a text that should be one. */
  public enum Flaw {
    EMPTY,
    NOT_UNICODE,
    TOO_LONG,
    CONTROL_CHARACTERS
  }

  /**
   * @throws IllegalArgumentException when the text is empty, too long, not encodable or has control
   *     characters; the message never repeats the text
   */
  public UserId {
    Optional<Flaw> flaw = flaw(value);
    if (flaw.isPresent()) {
      throw new IllegalArgumentException("not a user id: " + flaw.get());
    }
  }

  /** The first thing that is wrong with a text as a user id; empty when it is one. */
  public static Optional<Flaw> flaw(String value) {
    if (value.isEmpty()) {
      return Optional.of(Flaw.EMPTY);
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      return Optional.of(Flaw.NOT_UNICODE);
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of(Flaw.TOO_LONG);
    }
    return value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
        ? Optional.of(Flaw.CONTROL_CHARACTERS)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
