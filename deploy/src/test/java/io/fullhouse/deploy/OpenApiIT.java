package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fullhouse.simulator.NodeProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What the gateway writes about itself, its OpenAPI document first, against the system as it runs
 * anywhere else. One after the other, in one system: processes are expensive.
 *
 * <p>{@code -Dfullhouse.requests} says how many requests are made by chance, {@code
 * -Dfullhouse.seed} repeats them.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OpenApiIT {
  private static final int REQUESTS = Integer.getInteger("fullhouse.requests", 2_000);
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final long seed = Long.getLong("fullhouse.seed", new Random().nextInt(1_000_000));
  private final WholeSystem system = new WholeSystem(ContractClients.SETTINGS);
  private final ContractClients clients = new ContractClients(system);

  @AfterAll
  void end_all() {
    system.close();
  }

  /** By linters that know nothing of us. */
  @Test
  @Order(1)
  void the_openapi_document_has_no_fault() throws IOException, InterruptedException {
    NodeProgram node = NodeProgram.find(Path.of("target"));
    Path project = node.project(Path.of("src/test/javascript/openapi"), Path.of("target"));
    NodeProgram.Result result =
        node.node(
            project, Map.of("GATEWAY_URL", system.gatewayUri().toString()), BOUND, "lint.mjs");
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("all of it");
  }

  @Test
  @Order(2)
  void every_example_of_the_document_is_true() throws IOException, InterruptedException {
    await().atMost(BOUND).until(system::isDrainedToMaster);
    clients.guarded("examples.mjs", Map.of());
  }

  @Test
  @Order(3)
  void every_command_of_the_page_of_routes_does_what_it_shows()
      throws IOException, InterruptedException {
    boolean can =
        List.of("bash", "curl").stream().allMatch(it -> OnPath.first(List.of(it)).isPresent());
    String missing = "the commands of API.md are not run: the PATH lacks bash or curl";
    if (!can) {
      System.out.println(missing);
    }
    assumeTrue(can, missing);
    await().atMost(BOUND).until(system::isDrainedToMaster);
    Path page = ServiceProcess.HOME.resolve("api-gateway/API.md");
    clients.guarded("pages.mjs", Map.of("PAGE", page.toString()));
  }

  @Test
  @Order(4)
  void postman_s_converter_makes_a_collection_of_every_route()
      throws IOException, InterruptedException {
    clients.guarded(
        "collection.mjs", Map.of("FOLDER", Path.of("target").toAbsolutePath().toString()));
  }

  @Test
  @Order(5)
  void no_request_made_by_chance_is_answered_beyond_the_document()
      throws IOException, InterruptedException {
    String output = clients.random(REQUESTS, seed);
    assertThat(system.allAlive()).isTrue();
    System.out.println(output.lines().filter(line -> line.startsWith("all of it")).findFirst());
  }
}
