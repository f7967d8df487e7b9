package io.fullhouse.testing;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one Redis of a test JVM and the connection to it.
 *
 * <p>{@code TEST_REDIS_URI} names one that runs already; else the property {@code test.redis} says
 * {@code container}, {@code process} or {@code auto} (a container when an engine answers and it
 * starts, else a process).
 */
final class TestRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TestRedis.class);
  private static final Duration CONTAINER_TIMEOUT = Duration.ofSeconds(60);

  /** A server, whoever runs it. */
  interface Server extends AutoCloseable {
    String uri();

    String describe();

    @Override
    void close();
  }

  private final Server server;
  private final Broadcast broadcast;
  private final Redis redis;

  private TestRedis(Server server) {
    this.server = server;
    // On a cluster one slot must hold the whole broadcast.
    String prefix = server.uri().contains("-cluster://") ? "{ivs:test}:" : "ivs:test:";
    this.broadcast = new Broadcast(new BroadcastId("main"), prefix);
    this.redis = Redis.create(RedisSettings.parse(server.uri(), null, broadcast));
  }

  /**
   * Starts it, or connects to it, and prints one line that says which it is.
   *
   * @throws IllegalStateException when there is none: tests that need Redis must not pass without
   */
  static TestRedis start() {
    TestRedis testRedis =
        new TestRedis(
            choose(System.getenv("TEST_REDIS_URI"), System.getProperty("test.redis", "auto")));
    try {
      System.out.printf(
          "Redis for these tests: %s, version %s%n",
          testRedis.server.describe(), testRedis.version());
      return testRedis;
    } catch (RuntimeException e) {
      testRedis.close();
      throw new IllegalStateException(
          "no Redis for these tests: " + testRedis.server.describe() + " does not answer", e);
    }
  }

  private static Server choose(@Nullable String uri, String mode) {
    if (uri != null && !uri.isEmpty()) {
      return new External(uri);
    }
    return switch (mode) {
      case "process" -> new OwnProcess(RedisProcess.start(RedisOptions.defaults()));
      case "container" -> RedisContainer.start();
      case "auto" -> containerOrProcess();
      default ->
          throw new IllegalStateException(
              "test.redis is container, process or auto, not '" + mode + "'");
    };
  }

  private static Server containerOrProcess() {
    if (RedisContainer.engineAnswers()) {
      try {
        return CompletableFuture.supplyAsync(RedisContainer::start)
            .get(CONTAINER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        log.warn("No Redis container ({}): using a server process", reason(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a Redis container started", e);
      }
    }
    return new OwnProcess(RedisProcess.start(RedisOptions.defaults()));
  }

  /** The innermost reason: the outer ones only say that there is no container. */
  private static String reason(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return "not ready after " + CONTAINER_TIMEOUT.toSeconds() + " s";
    }
    Throwable cause = failure;
    for (Throwable next = cause; next != null; next = next.getCause()) {
      cause = next;
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }

  Redis redis() {
    return redis;
  }

  Broadcast broadcast() {
    return broadcast;
  }

  RedisKeys keys() {
    return RedisKeys.of(broadcast);
  }

  /** Deletes every key of every broadcast. */
  void empty() {
    await(redis.commands().flushall());
  }

  private String version() {
    return await(redis.commands().info("server"))
        .lines()
        .filter(line -> line.startsWith("redis_version:"))
        .map(line -> line.substring("redis_version:".length()))
        .findFirst()
        .orElse("unknown");
  }

  private static <T> T await(RedisFuture<T> answer) {
    return LettuceFutures.awaitOrCancel(
        answer, RedisSettings.COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    redis.close();
    server.close();
  }

  private record External(String uri) implements Server {
    @Override
    public String describe() {
      return "the one of TEST_REDIS_URI";
    }

    @Override
    public void close() {}
  }

  private record OwnProcess(RedisProcess process) implements Server {
    @Override
    public String uri() {
      return process.uri();
    }

    @Override
    public String describe() {
      return "a process, " + process.executable().describe() + " on port " + process.port();
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
