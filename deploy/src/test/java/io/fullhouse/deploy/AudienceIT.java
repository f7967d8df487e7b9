package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayClient.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.scaler.ScalerApplication;
import io.fullhouse.testing.RedisOptions.AppendOnly;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * An audience of 10,000 on 64 connections, and what it meets in a night. The tests are one after
 * the other the story of one system: processes are expensive.
 *
 * <p>Each viewer knows from its answers whether it must be counted: an oracle that shares nothing
 * with the system.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AudienceIT {
  private static final int VIEWERS = Integer.getInteger("fullhouse.viewers", 10_000);
  private static final int CONNECTIONS = 64;
  private static final int LATECOMERS = 20;
  private static final Duration BOUND = Duration.ofMinutes(5);
  private static final Duration FOLD_BOUND = Duration.ofSeconds(30);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(20);

  /** A seat is held for 10 s, and noticed by the next sweep. */
  private static final Duration SEAT_BACK_BOUND = Duration.ofSeconds(30);

  /** What the gateway promises while Redis is away. */
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(2);

  private static final LuaScript STAGE = LuaScript.load(ScalerApplication.class, "stage.lua");

  private final long seed = Long.getLong("fullhouse.seed", new Random().nextInt(1_000_000));

  /** Nobody falls silent here: how that goes is another test's. */
  private final WholeSystem system =
      new WholeSystem(
          Map.of(
              "STAGE_CAPACITY", "25000",
              "IVS_SUBSCRIBERS_PER_STAGE", "25000",
              "JOIN_BEFORE_LIVE", "true",
              "HEARTBEAT_INTERVAL", HEARTBEAT_INTERVAL.toSeconds() + "s",
              "HEARTBEAT_TIMEOUT", "20m",
              "SWEEP_INTERVAL", "1s",
              "SCALER_INTERVAL", "1s"),
          AppendOnly.ALWAYS);

  private final GatewayClient gateway = system.gatewayClient();
  private final Crowd crowd = new Crowd(gateway, VIEWERS, CONNECTIONS);
  private final Sampler keysSampler =
      Sampler.start(
          Duration.ofMillis(500), () -> InstantCounts.areExact(system.client(), system.keys()));
  private final Sampler statsSampler = Sampler.start(Duration.ofMillis(250), this::statsAreExact);

  /** The fleet is small yet: what a scaler with several stages does, for the two beside its own. */
  private final Sampler moreStages = Sampler.start(Duration.ofMillis(250), this::openMoreStages);

  @AfterAll
  void end_all() {
    List.of(moreStages, statsSampler, keysSampler).forEach(Sampler::close);
    crowd.close();
    system.close();
  }

  @Test
  @Order(1)
  void whatever_10_000_viewers_do_the_count_is_exact_at_every_sample() {
    await().atMost(FOLD_BOUND).until(() -> moreStages.rightSamples() > 0);
    long start = System.nanoTime();
    crowd.each(SimulatedViewer::join, BOUND);
    say("%d joins over %d connections took %.1f s", VIEWERS, CONNECTIONS, secondsSince(start));
    assertThat(crowd.count(SimulatedViewer::counted)).isEqualTo(VIEWERS);
    assertCountedExactly();

    long restless = System.nanoTime();
    crowd.randomly(VIEWERS, seed, AudienceIT::doAnything, BOUND);
    say("%d random turns took %.1f s (seed %d)", VIEWERS, secondsSince(restless), seed);
    assertThat(crowd.count(SimulatedViewer::counted)).isBetween(VIEWERS / 4L, VIEWERS - 1L);
    assertCountedExactly();
  }

  private static void doAnything(SimulatedViewer viewer, Random random) {
    int dice = random.nextInt(100);
    if (viewer.counted()) {
      if (dice < 60) {
        viewer.heartbeat();
      } else if (dice < 75) {
        viewer.leave();
      } else if (dice < 92) {
        viewer.rejoin();
      } else {
        viewer.join();
      }
    } else if (dice < 50) {
      viewer.join();
    } else if (dice < 75) {
      viewer.rejoin();
    } else {
      viewer.heartbeat();
    }
  }

  @Test
  @Order(2)
  void after_a_flush_under_load_every_viewer_that_beats_is_counted_again() {
    int before = crowd.turns();
    CompletableFuture<Long> flushed =
        CompletableFuture.supplyAsync(
            () -> {
              await().atMost(BOUND).until(() -> crowd.turns() > before + VIEWERS / 8);
              RedisAnswer.await(system.client().commands().flushall());
              return System.nanoTime();
            });
    crowd.randomly(VIEWERS / 4, seed + 1, AudienceIT::doWhatViewersDo, BOUND);
    long flushedAt = flushed.join();

    crowd.each(AudienceIT::beatIfCounted, BOUND);

    assertCountedExactly();
    say(
        "%d viewers were counted again %.1f s after the flush, with intervals of %d s",
        crowd.count(SimulatedViewer::counted),
        secondsSince(flushedAt),
        HEARTBEAT_INTERVAL.toSeconds());
    assertThat(system.allAlive()).isTrue();
  }

  /** Who left is silent: what remembered its leave is gone with everything else. */
  private static void doWhatViewersDo(SimulatedViewer viewer, Random random) {
    int dice = random.nextInt(100);
    if (!viewer.counted()) {
      viewer.join();
    } else if (dice < 80) {
      viewer.heartbeat();
    } else if (dice < 90) {
      viewer.rejoin();
    } else {
      viewer.leave();
    }
  }

  private static void beatIfCounted(SimulatedViewer viewer) {
    if (viewer.counted()) {
      viewer.heartbeat();
    }
  }

  @Test
  @Order(3)
  void while_redis_hangs_or_is_gone_requests_are_refused_in_time_and_go_on_afterwards()
      throws InterruptedException {
    crowd.firstOfEach(SimulatedViewer::join, BOUND);
    int threads = system.gatewayThreads();

    system.redis().suspend();
    assertRefused("while Redis hangs", threads);
    system.redis().resume();
    crowd.firstOfEach(SimulatedViewer::join, BOUND);
    assertCountedExactly();

    system.redis().kill();
    assertRefused("while Redis is gone", threads);
    system.redis().restart();
    crowd.firstOfEach(SimulatedViewer::join, BOUND);
    assertCountedExactly();
    assertThat(system.allAlive()).isTrue();
  }

  private void assertRefused(String when, int threadsBefore) throws InterruptedException {
    // What was sent before Redis went away may still be answered; from the first refusal on none.
    await().atMost(FOLD_BOUND).until(() -> gateway.get("/api/stats").status() == 503);
    Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    crowd.firstOfEach(
        viewer -> {
          for (int i = 0; i < 3; i++) {
            answers.add(viewer.tryHeartbeat());
            answers.add(viewer.tryJoin());
            answers.add(gateway.get("/api/stats"));
          }
        },
        BOUND);
    int threads = system.gatewayThreads();
    Duration slowest =
        answers.stream().map(Answer::took).max(Comparator.naturalOrder()).orElseThrow();
    say(
        "%s: %d requests refused, the slowest after %d ms; %d threads, %d before",
        when, answers.size(), slowest.toMillis(), threads, threadsBefore);
    assertThat(answers)
        .hasSize(9 * CONNECTIONS)
        .allMatch(answer -> answer.status() == 503, "is 503")
        .allMatch(answer -> answer.errorCode().equals("SERVICE_UNAVAILABLE"), "says why")
        .allMatch(answer -> !answer.body().path("success").asBoolean(true), "has the envelope")
        .allMatch(Answer::retryAfter, "says when to come again");
    assertThat(slowest).isLessThan(REFUSED_WITHIN);
    assertThat(threads).isBetween(1, threadsBefore + CONNECTIONS);
  }

  @Test
  @Order(4)
  void a_gateway_killed_between_reservation_and_join_gives_its_seats_back() throws Exception {
    long total = InstantCounts.read(system.client(), system.keys()).total();
    system.steer(
        "/faults", Map.of("op", "CreateParticipantToken", "kind", "hang", "times", LATECOMERS));
    ExecutorService connections = Executors.newFixedThreadPool(LATECOMERS);
    try {
      List<Future<Answer>> joins =
          IntStream.range(0, LATECOMERS)
              .mapToObj(i -> new SimulatedViewer(gateway, "latecomer-" + i))
              .map(viewer -> connections.submit(viewer::tryJoin))
              .toList();
      await().atMost(FOLD_BOUND).until(() -> counts().reserved() == LATECOMERS);
      assertThat(taken()).isEqualTo(total + LATECOMERS);
      assertThat(joins).noneMatch(Future::isDone);

      long killedAt = System.nanoTime();
      system.gateway().killAndRestart();

      await().atMost(SEAT_BACK_BOUND).until(() -> counts().reserved() == 0);
      say("%d seats were back %.1f s after the kill", LATECOMERS, secondsSince(killedAt));
      assertThat(taken()).isEqualTo(total);
      system.awaitReady();
      crowd.firstOfEach(AudienceIT::beatIfCounted, BOUND);
      assertCountedExactly();
    } finally {
      connections.shutdownNow();
    }
  }

  @Test
  @Order(5)
  void when_all_have_left_nobody_is_counted_and_no_seat_is_taken() {
    crowd.each(
        viewer -> {
          if (viewer.counted()) {
            viewer.leave();
          }
        },
        BOUND);

    assertCountedExactly();
    InstantCounts counts = counts();
    assertThat(counts.total()).isZero();
    assertThat(taken()).isZero();
    say("%d and %d samples", keysSampler.rightSamples(), statsSampler.rightSamples());
  }

  /** Redis and the gateway say what the viewers know, and no sample was ever wrong. */
  private void assertCountedExactly() {
    long counted = crowd.count(SimulatedViewer::counted);
    await().atMost(FOLD_BOUND).untilAsserted(() -> assertThat(counts().total()).isEqualTo(counted));
    counts().assertExact();
    await()
        .atMost(FOLD_BOUND)
        .untilAsserted(
            () ->
                assertThat(gateway.get("/api/stats").data("totalViewers").asLong(-1))
                    .isEqualTo(counted));
    assertThat(keysSampler.rightSamples()).isPositive();
    assertThat(statsSampler.rightSamples()).isPositive();
  }

  private InstantCounts counts() {
    return InstantCounts.read(system.client(), system.keys());
  }

  private long taken() {
    return counts().stages().stream().mapToLong(InstantCounts.OfStage::taken).sum();
  }

  private boolean statsAreExact() throws InterruptedException {
    Answer stats = gateway.get("/api/stats");
    if (!stats.isOk()) {
      return false;
    }
    long sum = 0;
    for (JsonNode stage : stats.data("stages")) {
      sum += stage.path("viewerCount").asLong();
    }
    assertThat(stats.data("totalViewers").asLong(-1)).as("%s", stats).isEqualTo(sum);
    return true;
  }

  private boolean openMoreStages() {
    try {
      String lease =
          RedisAnswer.awaitNullable(system.client().commands().get(system.keys().scalerLease()));
      if (lease == null) {
        return false;
      }
      for (StageArn stage : system.extraStages()) {
        RedisAnswer.await(
            STAGE.<String>run(
                system.client().commands(),
                ScriptOutputType.VALUE,
                system.keys(),
                lease,
                stage.value(),
                "open",
                "",
                "",
                ""));
      }
      return true;
    } catch (RedisException e) {
      return false;
    }
  }

  private static void say(String format, Object... values) {
    System.out.printf("AudienceIT: " + format + "%n", values);
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
