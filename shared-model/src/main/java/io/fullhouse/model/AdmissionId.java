package io.fullhouse.model;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * The identity of one presence: made when a viewer joins by key, kept over heartbeats, rejoins by
 * seat and moves, replaced by that user's next join.
 *
 * @param value 1 to 64 characters of base 62; ours have 17, which carry 96 random bits
 */
public record AdmissionId(String value) {
  static final Pattern FORMAT = Pattern.compile("[a-zA-Z0-9]{1,64}");

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 17;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * @throws IllegalArgumentException when the text is not an admission
   */
  public AdmissionId {
    if (!FORMAT.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1 to 64 characters of a-z, A-Z or 0-9");
    }
  }

  /** A new admission that nobody can guess. Thread-safe. */
  public static AdmissionId random() {
    StringBuilder text = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return new AdmissionId(text.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
