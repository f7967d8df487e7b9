package io.fullhouse.gateway.limit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is limited, and whose requests are counted together. */
public enum RateClass {
  /**
   * Joins and rejoins of a user: each may cost a token, of which IVS gives an account 50 a second.
   */
  JOIN,
  /** Heartbeats of a seat. */
  BEAT,
  /** Leaves of a seat. */
  LEAVE,
  /** Reads with an API key. */
  READ,
  /** Requests from an address that show a seat which is none of ours; no other request counts. */
  BAD;

  /** The name in {@code RATE_LIMITS}, in keys and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RateClass> ofWireName(String text) {
    return Arrays.stream(values()).filter(value -> value.wireName().equals(text)).findFirst();
  }
}
