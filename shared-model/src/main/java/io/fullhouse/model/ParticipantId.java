package io.fullhouse.model;

import java.util.regex.Pattern;

/**
 * IVS's id for one connection (one token).
 *
 * @param value 1 to 64 characters of {@code [a-zA-Z0-9_-]} (IVS Real-Time API reference,
 *     ParticipantToken)
 */
public record ParticipantId(String value) {
  static final Pattern FORMAT = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  /**
   * @throws IllegalArgumentException when the text is not a participant id
   */
  public ParticipantId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("must be 1 to 64 characters of a-z, A-Z, 0-9, _ or -");
    }
  }

  public static boolean isValid(String value) {
    return FORMAT.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
