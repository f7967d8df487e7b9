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
  private static final Path SOURCES = Path.of("src/test/javascript");
  private static final Path TARGET = Path.of("target");
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final WholeSystem system;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param environment beside what tells of the system
   */
  ContractClients(WholeSystem system, Map<String, String> environment) {
    this.system = system;
    this.environment.put("GATEWAY_URL", system.gatewayUri().toString());
    this.environment.put("SIMULATOR_URL", system.simulatorUri().toString());
    this.environment.put("API_KEY", WholeSystem.KEY);
    this.environment.put("STATS_KEY", WholeSystem.STATS_KEY);
    this.environment.put("JOIN_KEY", WholeSystem.JOIN_KEY);
    this.environment.put("SEAT_SECRET", "one:" + WholeSystem.SEAT_SECRET);
    this.environment.putAll(environment);
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
