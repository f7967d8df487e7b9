package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.simulator.NodeProgram;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Pages in Chromium, with the viewer client, against the whole system. Without a Chromium, named by
 * {@code CHROMIUM} or on the PATH, there is nothing to be tried.
 */
final class BrowserIT {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Seconds: most of this test is waiting for heartbeats. */
  private static final String INTERVAL = "1";

  /** Seconds. */
  private static final String TIMEOUT = "6";

  /** Each prints a line of its own. */
  private static final int CLAIMS = 11;

  private static Optional<String> chromium() {
    String named = System.getenv("CHROMIUM");
    if (named != null && !named.isBlank()) {
      return Optional.of(named);
    }
    return OnPath.first(NAMES);
  }

  private static Map<String, String> environment(WholeSystem whole, String chromium) {
    return Map.of(
        "GATEWAY",
        whole.gatewayUri().toString(),
        "SIMULATOR",
        whole.simulatorUri().toString(),
        "API_KEY",
        WholeSystem.KEY,
        "SEAT_SECRET",
        WholeSystem.SEAT_SECRET,
        "HEARTBEAT_TIMEOUT",
        TIMEOUT,
        "CHROMIUM",
        chromium);
  }

  /** Those who were found gone because they were not heard of. */
  private static Set<String> silent(WholeSystem whole) {
    return RedisAnswer.await(
            whole.client().commands().xrange(whole.keys().events(), Range.unbounded()))
        .stream()
        .map(StreamMessage::getBody)
        .filter(event -> "expire".equals(event.get("t")))
        .map(event -> event.getOrDefault("u", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void viewers_in_a_browser_are_counted_as_long_as_they_watch() throws Exception {
    Optional<String> chromium = chromium();
    String missing = "no browser test: neither CHROMIUM nor the PATH names one of " + NAMES;
    if (chromium.isEmpty()) {
      System.out.println(missing);
    }
    assumeTrue(chromium.isPresent(), missing);
    NodeProgram node = NodeProgram.find(Path.of("target"));
    Path project = node.project(Path.of("src/test/javascript/browser"), Path.of("target"));
    try (WholeSystem whole =
        new WholeSystem(
            Map.of(
                "HEARTBEAT_INTERVAL", INTERVAL + "s",
                "HEARTBEAT_TIMEOUT", TIMEOUT + "s",
                "SWEEP_INTERVAL", "1s",
                "SCALER_INTERVAL", "1s",
                "MAX_STAGES", "4",
                "RATE_LIMITS", "off"))) {
      NodeProgram.Result result =
          node.node(project, environment(whole, chromium.get()), PATIENCE, "browser.mjs");

      assertThat(result.status()).as(() -> result.output() + whole.describe()).isZero();
      assertThat(result.output().lines().filter(line -> line.startsWith("holds: ")))
          .as(result.output())
          .hasSize(CLAIMS);
      assertThat(silent(whole)).as("all others left, and said so").containsExactly("cleo");
      System.out.println(result.output());
    }
  }
}
