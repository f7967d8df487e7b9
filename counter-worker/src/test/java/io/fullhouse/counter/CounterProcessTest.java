package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.fullhouse.testing.TiedProcess;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the worker's commands say and exit with, as whoever calls them meets it. */
final class CounterProcessTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Broadcast BROADCAST = new Broadcast(new BroadcastId("main"), "ivs:prod:");

  private final RedisProcess server = RedisProcess.start(RedisOptions.defaults());
  private final Redis redis = Redis.create(RedisSettings.parse(server.uri(), null, BROADCAST));
  private final RedisKeys keys = RedisKeys.of(BROADCAST);

  @TempDir private Path directory;

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  /** A command under way, and all it says. */
  private record Run(TiedProcess process, Queue<String> output) {
    int exitCode() {
      assertThat(process.waitForExit(BOUND)).isTrue();
      process.close();
      return process.exitCode();
    }

    String said() {
      return String.join("\n", output);
    }
  }

  private static Run start(
      Map<String, String> environment, List<String> options, String... command) {
    List<String> line = JavaCommand.of(CounterApplication.class, command);
    line.addAll(1, options);
    Queue<String> output = new ConcurrentLinkedQueue<>();
    return new Run(TiedProcess.start(line, environment, Path.of("."), output::add), output);
  }

  @Test
  void an_audit_s_status_says_same_different_or_neither() throws Exception {
    HandWrittenLog log = new HandWrittenLog(redis, keys);
    log.join("u1");
    log.drain();
    try (TlsRelay tls = TlsRelay.to(server.port(), directory)) {
      Map<String, String> secure = Map.of("REDIS_URL", tls.uri(), "REDIS_PASSWORD", "");
      Run same = start(secure, tls.trusted(), "audit", "verify");
      Run distrusting = start(secure, List.of(), "audit", "verify");
      assertThat(same.exitCode()).as(same.said()).isZero();
      assertThat(same.said()).contains("1 viewers", "OK");
      assertThat(distrusting.exitCode()).as(distrusting.said()).isEqualTo(2);
      assertThat(distrusting.output())
          .singleElement()
          .asString()
          .contains("(TLS)", "certification");
    }

    Map<String, String> plain = Map.of("REDIS_URL", server.uri(), "REDIS_PASSWORD", "");
    RedisAnswer.await(redis.commands().set(keys.totalViewers(), "7"));
    Run different = start(plain, List.of(), "audit", "verify");
    Run wrong = start(plain, List.of(), "audit", "replay");
    assertThat(different.exitCode()).as(different.said()).isEqualTo(1);
    assertThat(different.said()).contains("DIFFERS total_viewers");
    assertThat(wrong.exitCode()).as(wrong.said()).isEqualTo(2);
    assertThat(wrong.said()).contains("--at is required");
  }

  @Test
  void a_port_that_is_taken_is_told_in_one_line() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      Run run =
          start(
              Map.of("REDIS_URL", server.uri(), "ADMIN_PORT", port),
              List.of(),
              "server",
              "../deploy/config/counter.yml");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.said()).contains("counter-worker cannot start: Failed to bind", port);
      assertThat(run.output()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
