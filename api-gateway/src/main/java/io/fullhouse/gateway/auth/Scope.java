package io.fullhouse.gateway.auth;

import java.util.Arrays;
import java.util.Locale;

/** What an API key may be good for. */
public enum Scope {
  /** Viewer tokens. */
  JOIN,
  /** Heartbeat, leave and rejoin for a user named in the request. */
  VIEWER,
  PUBLISH,
  STATS,
  /** Lists, durations, history. */
  PEOPLE,
  STAGES,
  OPERATE,
  MODERATE,
  /** The webhook for IVS's own events. */
  EVENTS;

  /** The name in {@code API_KEYS} and in errors. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Scope ofWireName(String text) {
    return Arrays.stream(values())
        .filter(scope -> scope.wireName().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    // Not the text: it may be the rest of a key that holds a colon.
                    "a key in API_KEYS names a scope that is none; a key holds no ':'"));
  }
}
