package io.fullhouse.model;

import java.util.regex.Pattern;

/**
 * One show and its audience.
 *
 * @param value 1 to 40 characters of {@code [a-z0-9-]}
 */
public record BroadcastId(String value) {
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9-]{1,40}");

  /**
   * @throws IllegalArgumentException when the text is not a broadcast id
   */
  public BroadcastId {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a broadcast id has 1 to 40 characters of a-z, 0-9 or -, not '" + value + "'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
