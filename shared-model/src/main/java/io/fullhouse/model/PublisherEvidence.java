package io.fullhouse.model;

import java.util.Locale;
import java.util.Optional;

/** What a publisher's status rests on. */
public enum PublisherEvidence {
  /** A publisher token was given out. */
  TOKEN,
  /** A person said so. Sticks until the next publisher token. */
  OPERATOR,
  /** IVS said so. */
  IVS;

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<PublisherEvidence> ofWireName(String text) {
    for (PublisherEvidence evidence : values()) {
      if (evidence.wireName().equals(text)) {
        return Optional.of(evidence);
      }
    }
    return Optional.empty();
  }
}
