package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A webhook that gets IVS's events, and what may happen to them on the way.
 *
 * @param drop probability that an event is never sent
 * @param delay of every event; with {@code shuffle} the longest
 * @param duplicate probability that an event is sent twice
 * @param shuffle whether each event has a delay of its own, so that their order changes
 * @param maxAttempts EventBridge's retry policy: 185 by default
 */
record Destination(
    URI url,
    String header,
    String apiKey,
    double drop,
    Duration delay,
    double duplicate,
    boolean shuffle,
    int maxAttempts) {
  private static final Set<String> MEMBERS =
      Set.of(
          "url", "header", "apiKey", "drop", "delayMillis", "duplicate", "shuffle", "maxAttempts");

  private static final TextRule HEADER = TextRule.of("[a-zA-Z0-9-]+", 1, 64);
  private static final TextRule API_KEY = TextRule.of("[\\x20-\\x7e]*", 0, 512);
  private static final int MAX_DELAY_MILLIS = 86_400_000;
  private static final int MAX_ATTEMPTS = 185;
  private static final int SHUFFLE_MILLIS = 1_000;

  /**
   * @throws Refusal ValidationException
   */
  static Destination read(Input input) {
    input.knowing(MEMBERS);
    boolean shuffle = input.flag("shuffle").orElse(false);
    OptionalInt delayMillis = input.integer("delayMillis", 0, MAX_DELAY_MILLIS);
    return new Destination(
        readUrl(input),
        input.text("header", HEADER).orElse("X-API-Key"),
        input.text("apiKey", API_KEY).orElse(""),
        input.number("drop", 0, 1).orElse(0),
        Duration.ofMillis(delayMillis.orElse(shuffle ? SHUFFLE_MILLIS : 0)),
        input.number("duplicate", 0, 1).orElse(0),
        shuffle,
        input.integer("maxAttempts", 1, MAX_ATTEMPTS).orElse(MAX_ATTEMPTS));
  }

  private static URI readUrl(Input input) {
    String text = input.required("url", TextRule.ANY);
    try {
      URI url = URI.create(text);
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw Input.invalid("url", "must be a URL: " + e.getMessage());
    }
    throw Input.invalid("url", "must be an http or https URL with a host");
  }

  /** Without the key. */
  ObjectNode toJson() {
    return Json.object()
        .put("url", url.toString())
        .put("drop", drop)
        .put("delayMillis", delay.toMillis())
        .put("duplicate", duplicate)
        .put("shuffle", shuffle)
        .put("maxAttempts", maxAttempts);
  }
}
