package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.simulator.NodeProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Programs in JavaScript that are clients of a whole system. Between them and the gateway stands a
 * proxy that holds every answer against the gateway's OpenAPI document.
 */
final class ContractClients {
  /** Of each stage of the system. */
  static final int CAPACITY = 12;

  private static final String INTERNAL_SECRET = "an-internal-secret-of-this-test";

  /** What the system has to be told, so that the programs can meet every answer. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "MAX_STAGES", "3",
          "STAGE_CAPACITY", "" + CAPACITY,
          "SCALE_DOWN_VIEWERS", "0",
          "SCALER_INTERVAL", "1s",
          "RATE_LIMITS", "join=10/m,beat=off,leave=off,read=off,bad=off",
          "INTERNAL_SECRET", INTERNAL_SECRET,
          "HEARTBEAT_TIMEOUT", "5m"); // how silence ends is another test's

  private static final Path SOURCES = Path.of("src/test/javascript");
  private static final Path TARGET = Path.of("target");
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final WholeSystem system;
  private final Map<String, String> environment;

  /**
   * @param system with {@link #SETTINGS}
   */
  ContractClients(WholeSystem system) {
    this.system = system;
    environment =
        Map.of(
            "GATEWAY_URL",
            system.gatewayUri().toString(),
            "SIMULATOR_URL",
            system.simulatorUri().toString(),
            "API_KEY",
            WholeSystem.KEY,
            "STATS_KEY",
            WholeSystem.STATS_KEY,
            "JOIN_KEY",
            WholeSystem.JOIN_KEY,
            "SEAT_SECRET",
            "one:" + WholeSystem.SEAT_SECRET,
            "CAPACITY",
            "" + CAPACITY,
            "INTERNAL_SECRET",
            INTERNAL_SECRET);
  }

  /**
   * A program that was written from the contract's text.
   *
   * @return what it wrote
   */
  String walk(String program, Map<String, String> more) throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(more);
    all.put("PROGRAM", SOURCES.resolve("contract").resolve(program).toAbsolutePath().toString());
    return run("guarded.mjs", all, BOUND);
  }

  /** A program that knows the document. */
  String guarded(String program, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(more);
    all.put("PROGRAM", "./" + program);
    return run("guarded.mjs", all, BOUND);
  }

  /**
   * Requests made by chance.
   *
   * @param seed that repeats them
   */
  String random(int requests, long seed) throws IOException, InterruptedException {
    Map<String, String> chance = Map.of("REQUESTS", "" + requests, "SEED", "" + seed);
    return run("random.mjs", chance, BOUND.plus(Duration.ofMillis(20).multipliedBy(requests)));
  }

  private String run(String program, Map<String, String> more, Duration patience)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    NodeProgram node = NodeProgram.find(TARGET);
    Path project = node.project(SOURCES.resolve("guard"), TARGET);
    NodeProgram.Result result = node.node(project, all, patience, program);
    assertThat(result.status()).as(result.output() + system.describe()).isZero();
    assertThat(result.output()).contains("all of it");
    return result.output();
  }
}
