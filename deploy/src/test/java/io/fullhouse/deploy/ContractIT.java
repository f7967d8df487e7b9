package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.deploy.GatewayClient.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The public contract against the system as it runs anywhere else, and also while parts of it are
 * killed. One after the other, in one system: processes are expensive.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ContractIT {
  private static final int CAPACITY = ContractClients.CAPACITY;
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final WholeSystem system = new WholeSystem(ContractClients.SETTINGS);
  private final GatewayClient gateway = system.gatewayClient();
  private final ContractClients clients = new ContractClients(system);

  @AfterAll
  void end_all() {
    system.close();
  }

  /** By a client in another language that was written from the contract's text alone. */
  @Test
  @Order(1)
  void every_route_succeeds_and_refuses_as_the_contract_says()
      throws IOException, InterruptedException {
    clients.walk("walk.mjs", Map.of("EVERY", "yes"));
    assertThat(system.allAlive()).isTrue();
    assertThat(counts().total()).isZero();
    assertThat(RedisAnswer.await(system.client().commands().xlen(system.keys().deadLetters())))
        .isZero();
  }

  enum Victim {
    GATEWAY,
    SCALER,
    COUNTERS
  }

  private List<ServiceProcess> processes(Victim victim) {
    return switch (victim) {
      case GATEWAY -> List.of(system.gateway());
      case SCALER -> List.of(system.scaler());
      case COUNTERS -> system.counters();
    };
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  void whoever_is_killed_during_a_drain_everybody_ends_on_an_open_stage_and_counts_once(
      Victim victim) throws InterruptedException {
    assertThat(gateway.post("/api/token/publisher", Map.of("userId", "ann")).isOk()).isTrue();
    String room = openRoom("room-of-" + victim);
    try (Crowd crowd = new Crowd(gateway, CAPACITY, CAPACITY)) {
      crowd.each(viewer -> viewer.join(room), BOUND);
      assertThat(crowd.count(viewer -> viewer.stage().equals(room))).isEqualTo(CAPACITY);
      awaitTotal();
      try (Sampler sampler = Sampler.start(Duration.ofMillis(100), this::everybodyCountsOnce)) {
        assertThat(gateway.delete("/api/stage/" + id(room) + "?drain=true").isOk()).isTrue();
        await()
            .atMost(BOUND)
            .until(
                () -> {
                  crowd.each(ContractIT::beatUntilOffered, BOUND);
                  return crowd.count(SimulatedViewer::isMoving) == CAPACITY;
                });
        AtomicInteger index = new AtomicInteger();
        crowd.each(viewer -> goOnDifferently(viewer, index.getAndIncrement()), BOUND);

        processes(victim).forEach(ServiceProcess::killAndRestart);

        await()
            .atMost(BOUND)
            .until(
                () -> {
                  crowd.each(SimulatedViewer::heartbeat, BOUND);
                  return crowd.count(viewer -> viewer.stage().equals(room)) == 0;
                });
        await().atMost(BOUND).until(() -> gateway.get("/api/stage/" + id(room)).status() == 404);
        crowd.each(SimulatedViewer::heartbeat, BOUND);
        assertThat(crowd.count(viewer -> open().contains(viewer.stage()))).isEqualTo(CAPACITY);
        awaitTotal();
        assertThat(sampler.rightSamples()).isPositive();
      }
      crowd.each(SimulatedViewer::leave, BOUND);
      await().atMost(BOUND).until(() -> counts().total() == 0);
      assertThat(counts().stages()).allMatch(stage -> stage.held() == 0);
    }
  }

  @Test
  @Order(3)
  void who_asks_too_often_is_told_so() throws IOException, InterruptedException {
    assertThat(gateway.post("/api/token/publisher", Map.of("userId", "ann")).isOk()).isTrue();
    GatewayClient strict =
        system.startGateway(Map.of("RATE_LIMITS", "join=off,beat=6/m,leave=2/m,read=5/s,bad=3/m"));
    clients.walk("often.mjs", Map.of("GATEWAY_URL", strict.uri().toString()));
  }

  /** Without the scaler its word is the test's, and nothing is put right again. */
  @Test
  @Order(4)
  void a_full_house_and_an_outage_say_why() throws IOException, InterruptedException {
    assertThat(gateway.post("/api/token/publisher", Map.of("userId", "ann")).isOk()).isTrue();
    system.scaler().kill();
    RedisKeys keys = system.keys();
    for (String limit : List.of("REPLICA_LIMIT", "SUBSCRIPTION_QUOTA")) {
      RedisAnswer.await(system.client().commands().set(keys.scalerLimit(), limit));
      clients.walk("full.mjs", Map.of("REASON", limit));
    }
    RedisAnswer.await(system.client().commands().del(keys.stages(), keys.stagesClosing()));
    clients.walk("full.mjs", Map.of("REASON", "RECOVERING"));

    system.redis().kill();
    clients.walk("away.mjs", Map.of("MASTER", system.master().value()));
  }

  private static void beatUntilOffered(SimulatedViewer viewer) {
    if (!viewer.isMoving()) {
      viewer.heartbeat();
    }
  }

  /** A third moves, a third has the offer still before it, a third never got the answer. */
  private static void goOnDifferently(SimulatedViewer viewer, int index) {
    if (index % 3 == 0) {
      viewer.heartbeat();
    } else if (index % 3 == 1) {
      viewer.forgetOffer();
    }
  }

  private String openRoom(String name) throws InterruptedException {
    await().atMost(BOUND).until(system::isDrainedToMaster);
    Answer made = gateway.post("/api/stage", Map.of("name", name));
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    String room = made.data("stageArn").asText();
    await().atMost(BOUND).until(() -> open().contains(room));
    return room;
  }

  private static String id(String arn) {
    return new StageArn(arn).id();
  }

  private List<String> open() {
    return RedisAnswer.await(system.client().commands().zrange(system.keys().stages(), 0, -1));
  }

  private InstantCounts counts() {
    return InstantCounts.read(system.client(), system.keys());
  }

  private boolean everybodyCountsOnce() {
    InstantCounts counts = counts();
    counts.assertExact();
    assertThat(counts.total()).as("%s", counts).isEqualTo(CAPACITY);
    return true;
  }

  private void awaitTotal() {
    await().atMost(BOUND).until(() -> counts().total() == CAPACITY);
  }
}
