package io.fullhouse.model;

import java.util.Locale;

/**
 * What ended a presence: a closed set, told from the type of the ending entry and its {@code why}.
 */
public enum EndReason {
  /** The viewer, or its backend, said so. */
  LEFT(""),
  /** A moderator sent it away; it may come back. */
  KICKED("kick"),
  BANNED("ban"),
  /** It was silent for too long. */
  EXPIRED(""),
  /** IVS did not have it. */
  CORRECTED("correct");

  private final String why;

  EndReason(String why) {
    this.why = why;
  }

  /** The entry's {@code why}; empty where its type says it all. */
  String why() {
    return why;
  }

  /** Of a leave; whatever else stands there means that the viewer left. */
  static EndReason ofLeave(String why) {
    return switch (why) {
      case "ban" -> BANNED;
      case "kick" -> KICKED;
      default -> LEFT;
    };
  }

  /** Of an expiry; likewise. */
  static EndReason ofExpiry(String why) {
    return why.equals("correct") ? CORRECTED : EXPIRED;
  }

  /** The name in histories. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
