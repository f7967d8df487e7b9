package io.fullhouse.simulator;

import java.security.SecureRandom;

/** Random ids shaped like those of IVS. */
final class Ids {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** Twelve letters and digits, as stages and participants have them. */
  static String next() {
    return random(12);
  }

  /** API model: exactly sixteen characters. */
  static String session() {
    return "st-" + random(13);
  }

  private static String random(int length) {
    return RANDOM
        .ints(length, 0, ALPHABET.length())
        .mapToObj(ALPHABET::charAt)
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
        .toString();
  }
}
