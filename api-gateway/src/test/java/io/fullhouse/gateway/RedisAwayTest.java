package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes and comes back, in every way it can. */
final class RedisAwayTest {
  private static final Duration BOUND = Duration.ofSeconds(2);

  private static final String NAMED =
      "{\"userId\":\"u\",\"participantId\":\"p\",\"stageArn\":\"" + MASTER + "\"}";

  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private final StubIvs ivs = new StubIvs();
  private RedisView view = new RedisView(redis.uri());
  private RunningGateway gateway = start();

  private RunningGateway start() {
    // With a limit that nobody reaches: to ask for it must not wait for Redis, either.
    return RunningGateway.start(redis.uri(), ivs, Map.of("rateLimits", "join=1000/s,read=1000/s"));
  }

  @BeforeEach
  void open() {
    view.open(MASTER);
    view.live();
    await().until(() -> gateway.get("/health/ready").status() == 200);
  }

  @AfterEach
  void close() {
    gateway.close();
    ivs.close();
    view.close();
    redis.close();
  }

  @Test
  void a_killed_redis_is_told_at_once_and_its_return_needs_nobody() {
    String seat = joined();
    redis.kill();

    assertAllRoutesSayUnavailable(seat);
    assertOperatorsAreToldSo();
    assertThat(ivs.calls()).hasSize(1); // no token that no seat could be taken for
    assertThat(gateway.get("/health/live").status()).isEqualTo(200);
    assertThat(gateway.get("/health").data().path("status").asText()).isEqualTo("degraded");
    assertRefused(gateway.get("/health/ready"), 503, "SERVICE_UNAVAILABLE");

    redis.restart();
    view.close();
    view = new RedisView(redis.uri());
    view.open(MASTER);
    view.live();
    await().atMost(Duration.ofSeconds(15)).until(() -> join("u2").status() == 200);
  }

  @Test
  void a_redis_that_hangs_holds_no_thread() {
    String seat = joined();
    redis.suspend();
    try {
      assertAllRoutesSayUnavailable(seat);

      List<CompletableFuture<Answer>> crowd =
          IntStream.range(0, 400)
              .mapToObj(i -> gateway.postLater("/api/token/viewer", "{\"userId\":\"c" + i + "\"}"))
              .toList();
      assertThat(gateway.get("/health/live").status()).isEqualTo(200);
      assertThat(crowd)
          .allSatisfy(answer -> assertRefused(answer.join(), 503, "SERVICE_UNAVAILABLE"));
    } finally {
      redis.resume();
    }
    await().atMost(Duration.ofSeconds(15)).until(() -> join("u2").status() == 200);
  }

  @Test
  void a_redis_out_of_memory_refuses_intake_and_still_shows_numbers() {
    String seat = joined();
    view.call(c -> c.configSet("maxmemory", "1"));

    assertRefused(join("u2"), 503, "SERVICE_UNAVAILABLE");
    assertRefused(gateway.postSeat("/api/viewer/heartbeat", seat), 503, "SERVICE_UNAVAILABLE");
    assertThat(gateway.get("/api/stats").status()).isEqualTo(200);

    view.call(c -> c.configSet("maxmemory", "0"));
    assertThat(join("u2").status()).isEqualTo(200);
  }

  @Test
  void a_gateway_starts_while_redis_is_away_and_finds_it_later() {
    gateway.close();
    redis.kill();
    gateway = start();

    assertRefused(timed(() -> join("u1")), 503, "SERVICE_UNAVAILABLE");
    assertThat(gateway.get("/health/live").status()).isEqualTo(200);

    redis.restart();
    view.close();
    view = new RedisView(redis.uri());
    view.open(MASTER);
    view.live();
    await().atMost(Duration.ofSeconds(15)).until(() -> join("u1").status() == 200);
  }

  private void assertAllRoutesSayUnavailable(String seat) {
    List<Supplier<Answer>> calls =
        List.of(
            () -> join("u9"),
            () -> gateway.post("/api/token/publisher", "{\"userId\":\"p\"}"),
            () -> gateway.post("/api/publisher/offline", ""),
            () -> gateway.postSeat("/api/viewer/heartbeat", seat),
            () -> gateway.postSeat("/api/viewer/leave", seat),
            () -> gateway.postSeat("/api/viewer/rejoin", seat),
            () -> gateway.post("/api/viewer/heartbeat", NAMED),
            () -> gateway.post("/api/viewer/leave", NAMED),
            () -> gateway.post("/api/viewer/rejoin", NAMED),
            () -> gateway.get("/api/stats"),
            () -> gateway.get("/api/stats/viewers"));
    // A snapshot of before is shared for a quarter of a second.
    await().until(() -> gateway.get("/api/stats").status() == 503);
    assertThat(calls).allSatisfy(call -> assertRefused(timed(call), 503, "SERVICE_UNAVAILABLE"));
  }

  /** EventBridge repeats what was answered with 5xx, and nothing else. */
  private void assertOperatorsAreToldSo() {
    List<Supplier<Answer>> calls =
        List.of(
            () -> gateway.post("/api/events/ivs", "{}"),
            () -> gateway.post("/api/stage", "{\"name\":\"room\"}"),
            () -> gateway.post("/api/broadcast/end", "{}"),
            () -> gateway.get("/api/stage/list"),
            () -> gateway.get("/api/scaler"),
            () -> gateway.get("/api/scaler/decisions"));
    assertThat(calls).allSatisfy(call -> assertRefused(timed(call), 503, "SERVICE_UNAVAILABLE"));
  }

  private static Answer timed(Supplier<Answer> call) {
    long start = System.nanoTime();
    Answer answer = call.get();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    return answer;
  }

  private String joined() {
    return join("u1").data().path("seat").asText();
  }

  private Answer join(String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }
}
