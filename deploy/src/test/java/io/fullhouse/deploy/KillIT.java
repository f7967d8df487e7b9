package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisOptions.AppendOnly;
import io.fullhouse.testing.RedisProcess;
import io.fullhouse.testing.TiedProcess;
import io.lettuce.core.RedisException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Counter workers and Redis are killed while the log grows: nothing is lost, nothing counts twice.
 *
 * <p>{@code -Dfullhouse.seed} repeats the events of a run, {@code -Dfullhouse.events} says how many
 * there are.
 */
final class KillIT {
  private static final int ROUNDS = 20;
  private static final int ROUND = Integer.getInteger("fullhouse.events", 300_000) / ROUNDS;
  private static final int EVENTS = ROUND * ROUNDS;
  private static final int BATCH = 2_500;
  private static final int USERS = 20_000;
  private static final int WORKERS = 3;
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final Duration KILL_BOUND = Duration.ofMinutes(1);
  private static final Duration FOLD_BOUND = Duration.ofMinutes(2);
  private static final Duration AUDIT_BOUND = Duration.ofMinutes(2);
  private static final int CANNOT_TELL = 2;

  private record Audit(int exitCode, String said) {}

  private final long seed = Long.getLong("fullhouse.seed", new Random().nextInt(1_000_000));
  private final long startedAt = System.nanoTime();
  private final RedisProcess redis =
      RedisProcess.start(RedisOptions.defaults().withAppendOnly(AppendOnly.ALWAYS));
  private final Broadcast broadcast = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private final RedisKeys keys = RedisKeys.of(broadcast);
  private final Redis client = Redis.create(RedisSettings.parse(redis.uri(), null, broadcast));
  private final List<ServiceProcess> workers = new ArrayList<>();

  @AfterEach
  void end_all() {
    workers.forEach(ServiceProcess::close);
    client.close();
    redis.close();
  }

  @Test
  void killed_workers_and_a_killed_redis_lose_nothing_and_count_nothing_twice() {
    List<StageArn> stages = stages();
    stages.forEach(s -> RedisAnswer.await(client.commands().zadd(keys.stages(), 0, s.value())));
    plan().counters().forEach(spec -> workers.add(ServiceProcess.start(behindOthers(spec))));
    await().atMost(START_BOUND).until(() -> workers.stream().allMatch(w -> w.hasSaid("connected")));

    EventWriter writer = new EventWriter(client, keys);
    try (Sampler sampler =
            Sampler.start(Duration.ofSeconds(2), () -> InstantCounts.areExact(client, keys));
        Killer killer = Killer.start(workers, Duration.ofSeconds(1), seed)) {
      writeWhileKilling(new RestlessAudience(seed, USERS, stages), writer, killer);
      killer.close();
      long writtenAfter = millis();

      List<String> acknowledged = writer.acknowledged();
      assertThat(acknowledged).hasSize(EVENTS).doesNotContain("");
      LogContents log = LogContents.read(client, keys, acknowledged);
      assertThat(log.firstMissing())
          .as("the first acknowledged event that the stream has not")
          .isEqualTo(EVENTS);

      await()
          .atMost(FOLD_BOUND)
          .ignoreExceptionsInstanceOf(RedisException.class)
          .until(this::position, position -> !log.end().isAfter(position));
      long foldedAfter = millis();

      String audit = audit("verify");
      InstantCounts counts = InstantCounts.read(client, keys);
      counts.assertExact();
      assertThat(audit)
          .contains("OK: Redis has what the log gives")
          .contains(", " + counts.total() + " viewers, proven since the first entry");
      assertThat(RedisAnswer.await(client.commands().xlen(keys.deadLetters()))).isZero();
      assertThat(killer.kills()).allMatch(kills -> kills > 0);
      assertThat(sampler.rightSamples()).isGreaterThan(ROUNDS);
      System.out.printf(
          "KillIT: seed %d: %d events sent, %d entries are second copies and %d of sweeps; %d viewers"
              + " in the end; workers killed %s times, Redis once; %d samples; written after %.1f s,"
              + " folded after %.1f s, audited after %.1f s%n",
          seed,
          EVENTS,
          log.repeated(),
          log.bySweeps(),
          counts.total(),
          killer.kills(),
          sampler.rightSamples(),
          writtenAfter / 1e3,
          foldedAfter / 1e3,
          millis() / 1e3);
    } catch (AssertionError e) {
      workers.forEach(worker -> System.out.println(worker.describe()));
      throw new AssertionError("with -Dfullhouse.seed=" + seed, e);
    }
  }

  /** A worker is killed in every round, Redis in the middle. */
  private void writeWhileKilling(RestlessAudience audience, EventWriter writer, Killer killer) {
    CompletableFuture<Void> redisRestart = CompletableFuture.completedFuture(null);
    for (int round = 0; round < ROUNDS; round++) {
      int killsBefore = killer.total();
      for (int sent = 0; sent < ROUND; sent += BATCH) {
        if (round == ROUNDS / 2 && sent == BATCH) {
          redisRestart =
              CompletableFuture.runAsync(
                  () -> {
                    redis.kill();
                    redis.restart();
                  });
        }
        writer.write(audience.next(Math.min(BATCH, ROUND - sent)));
      }
      await().atMost(KILL_BOUND).until(() -> killer.total() > killsBefore);
    }
    redisRestart.join();
  }

  private EntryId position() {
    return EntryId.parse(RedisAnswer.await(client.commands().get(keys.position())));
  }

  /** The real command, as an operator runs it: again when it could not tell, Redis being busy. */
  private String audit(String... arguments) {
    Audit audit = runAudit(arguments);
    for (int again = 0; audit.exitCode() == CANNOT_TELL && again < 3; again++) {
      audit = runAudit(arguments);
    }
    assertThat(audit.exitCode()).as(audit.said()).isZero();
    return audit.said();
  }

  private Audit runAudit(String... arguments) {
    Queue<String> output = new ConcurrentLinkedQueue<>();
    Path jar = ServiceProcess.HOME.resolve("counter-worker/target/counter-worker.jar");
    List<String> command = JavaCommand.ofJar(jar, "audit");
    command.addAll(List.of(arguments));
    try (TiedProcess audit =
        TiedProcess.start(
            command, Map.of("REDIS_URL", redis.uri()), ServiceProcess.HOME, output::add)) {
      assertThat(audit.waitForExit(AUDIT_BOUND)).isTrue();
      return new Audit(audit.exitCode(), String.join("\n", output));
    }
  }

  /** Other tests beside this one wait for answers in time; here a start may take its time. */
  private static ServiceSpec behindOthers(ServiceSpec spec) {
    List<String> command = new ArrayList<>(List.of("nice", "-n", "5"));
    command.addAll(spec.command());
    return new ServiceSpec(spec.name(), command, spec.environment(), spec.stopWithin());
  }

  /** Silence is short here, so that sweeps append to the log too. */
  private ServicePlan plan() {
    ServiceArchives.make();
    UpPorts ports =
        new UpPorts(0, 0, IntStream.range(0, WORKERS).mapToObj(i -> 0).toList(), 0, 0, 0);
    Map<String, String> settings =
        Map.of(
            "REDIS_URL", redis.uri(),
            "HEARTBEAT_INTERVAL", "2s",
            "HEARTBEAT_TIMEOUT", "5s",
            "SWEEP_INTERVAL", "1s",
            "JAVA_TOOL_OPTIONS", JavaCommand.OPTIONS);
    return new ServicePlan(
        ServiceProcess.HOME, ports, settings, "http://127.0.0.1:1", stages().get(0));
  }

  private static List<StageArn> stages() {
    return IntStream.range(0, 6)
        .mapToObj(i -> new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/Stage" + i))
        .toList();
  }

  private long millis() {
    return (System.nanoTime() - startedAt) / 1_000_000;
  }
}
