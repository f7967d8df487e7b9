package io.fullhouse.model;

import java.nio.charset.StandardCharsets;

/**
 * The application's own name for a viewer or publisher.
 *
 * @param value 1 to 128 bytes of UTF-8 without control characters. 128 is what IVS allows for a
 *     token's {@code userId}.
 */
public record UserId(String value) {
  /** Bytes of UTF-8. */
  public static final int MAX_BYTES = 128;

  /**
   * @throws IllegalArgumentException when the text is empty, too long, not encodable or has control
   *     characters; the message never repeats the text
   */
  public UserId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("must not be empty");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException("is not valid Unicode");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("must be at most " + MAX_BYTES + " bytes of UTF-8");
    }
    if (value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw new IllegalArgumentException("must not have control characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
