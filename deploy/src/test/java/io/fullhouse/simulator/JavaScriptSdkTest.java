package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The simulator against AWS's JavaScript SDK, which shares no code with the Java one, and with
 * tokens that Node.js signs.
 */
class JavaScriptSdkTest {
  private static final Path SOURCE = Path.of("src/test/javascript");
  private static final Path TARGET = Path.of("target");
  private static final int CLAIMS = 8;

  @Test
  void the_javascript_sdk_finds_what_it_expects() throws IOException, InterruptedException {
    NodeProgram node = NodeProgram.find(TARGET);
    Path project = node.project(SOURCE, TARGET);
    try (IvsSimulator simulator =
        IvsSimulator.start(SimulatorOptions.defaults().withoutRateLimits())) {
      NodeProgram.Result result =
          node.node(
              project,
              Map.of("SIMULATOR_URL", simulator.uri().toString()),
              Duration.ofSeconds(60),
              "fidelity.mjs");
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(result.output().lines().filter(line -> line.startsWith("holds: ")))
          .as(result.output())
          .hasSize(CLAIMS);
    }
  }
}
