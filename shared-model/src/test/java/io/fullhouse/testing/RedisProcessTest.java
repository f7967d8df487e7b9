package io.fullhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fullhouse.testing.RedisOptions.AppendOnly;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisProcessTest {
  private static final Duration BOUND = Duration.ofSeconds(30);

  @Test
  void keeps_what_it_answered_over_kill_9(@TempDir Path directory) {
    RedisOptions options =
        RedisOptions.defaults().withDirectory(directory).withAppendOnly(AppendOnly.ALWAYS);
    try (RedisProcess redis = RedisProcess.start(options)) {
      ask(redis, commands -> commands.set("seat", "taken"));
      int port = redis.port();

      redis.kill();
      assertThat(FreePort.isFree(port)).isTrue();
      redis.restart();

      assertThat(redis.port()).isEqualTo(port);
      assertThat(ask(redis, commands -> commands.get("seat"))).isEqualTo("taken");
    }
    assertThat(directory.resolve("redis.log")).exists();
  }

  @Test
  void keeps_what_it_answered_over_a_stop(@TempDir Path directory) {
    RedisOptions options =
        RedisOptions.defaults().withDirectory(directory).withAppendOnly(AppendOnly.EVERY_SECOND);
    try (RedisProcess redis = RedisProcess.start(options)) {
      ask(redis, commands -> commands.set("seat", "taken"));
    }
    try (RedisProcess redis = RedisProcess.start(options)) {
      assertThat(ask(redis, commands -> commands.get("seat"))).isEqualTo("taken");
    }
  }

  @Test
  void forgets_everything_and_its_directory_by_default() {
    RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
    try (redis) {
      ask(redis, commands -> commands.set("seat", "taken"));

      redis.restart();

      assertThat(ask(redis, commands -> commands.get("seat"))).isNull();
    }
    assertThat(Files.exists(redis.directory())).isFalse();
  }

  @Test
  void asks_for_the_password() {
    RedisOptions options = RedisOptions.defaults().withPassword("open-sesame");
    try (RedisProcess redis = RedisProcess.start(options)) {
      String withoutPassword = "redis://127.0.0.1:" + redis.port();

      assertThat(ask(redis, RedisCommands::ping)).isEqualTo("PONG");
      assertThatThrownBy(() -> ask(withoutPassword, RedisCommands::ping))
          .hasStackTraceContaining("NOAUTH");
    }
  }

  @Test
  void refuses_writes_beyond_its_memory() {
    RedisOptions options = RedisOptions.defaults().withMaxMemory("1mb");
    try (RedisProcess redis = RedisProcess.start(options)) {
      assertThatThrownBy(
              () ->
                  ask(
                      redis,
                      commands -> {
                        for (int i = 0; i < 100; i++) {
                          commands.set("key" + i, "x".repeat(100_000));
                        }
                        return "all of them";
                      }))
          .isInstanceOf(RedisCommandExecutionException.class)
          .hasMessageStartingWith("OOM");
    }
  }

  @Test
  void answers_late_when_suspended() {
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults())) {
      redis.suspend();
      assertThatThrownBy(() -> ask(redis, RedisCommands::ping))
          .hasRootCauseInstanceOf(RedisCommandTimeoutException.class);
      redis.resume();

      assertThat(ask(redis, RedisCommands::ping)).isEqualTo("PONG");
    }
  }

  @Test
  void says_why_it_cannot_start() {
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults())) {
      RedisOptions samePort = RedisOptions.defaults().withPort(redis.port());

      assertThatThrownBy(() -> RedisProcess.start(samePort))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Failed listening on port");
    }
  }

  @Test
  void dies_with_a_jvm_that_is_killed_and_leaves_nothing(@TempDir Path directory) {
    Queue<String> output = new ConcurrentLinkedQueue<>();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            System.getProperty("java.class.path"),
            Owner.class.getName());
    try (TiedProcess jvm = TiedProcess.start(command, Map.of(), directory, output::add)) {
      await().atMost(BOUND).until(() -> lastPort(output) > 0);
      int port = lastPort(output);
      assertThat(ask("redis://127.0.0.1:" + port, RedisCommands::ping)).isEqualTo("PONG");

      jvm.kill();

      await().atMost(BOUND).until(() -> FreePort.isFree(port));
      await()
          .atMost(BOUND)
          .untilAsserted(() -> assertThat(directory).as("its temporary files").isEmptyDirectory());
    }
  }

  /** A JVM that owns a Redis and never ends by itself. */
  static final class Owner {
    public static void main(String[] args) throws InterruptedException {
      RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
      System.out.println("port=" + redis.port());
      Thread.currentThread().join();
    }
  }

  private static int lastPort(Queue<String> output) {
    return output.stream()
        .filter(line -> line.startsWith("port="))
        .mapToInt(line -> Integer.parseInt(line.substring("port=".length())))
        .findFirst()
        .orElse(0);
  }

  private static @Nullable String ask(
      RedisProcess redis, Function<RedisCommands<String, String>, @Nullable String> question) {
    return ask(redis.uri(), question);
  }

  private static @Nullable String ask(
      String uri, Function<RedisCommands<String, String>, @Nullable String> question) {
    RedisURI address = RedisURI.create(uri);
    address.setTimeout(Duration.ofSeconds(1));
    RedisClient client = RedisClient.create(address);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }
}
