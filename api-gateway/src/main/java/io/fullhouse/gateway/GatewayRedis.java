package io.fullhouse.gateway;

import io.dropwizard.lifecycle.Managed;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis for requests: no call ever waits. Thread-safe.
 *
 * <p>The first connection is made by a thread of its own; until then, and while Redis is away,
 * calls fail at once. Each ends within {@link #BOUND}, also when Redis hangs.
 */
final class GatewayRedis implements Managed {
  private static final Logger log = LoggerFactory.getLogger(GatewayRedis.class);

  /** Below the 2 s within which every answer is promised. */
  static final Duration BOUND = Duration.ofMillis(1_500);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Redis redis;
  private final RedisKeys keys;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Redis.Connection<byte[]> binary;
  private volatile @Nullable RedisClusterAsyncCommands<String, String> commands;
  private volatile @Nullable RedisClusterAsyncCommands<String, byte[]> binaryCommands;
  private final Redis.Connection<String> blocking;
  private volatile @Nullable RedisClusterAsyncCommands<String, String> blockingCommands;

  GatewayRedis(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.binary = redis.connection(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    this.blocking = redis.connection(StringCodec.UTF8);
  }

  RedisKeys keys() {
    return keys;
  }

  <T> CompletionStage<T> script(LuaScript script, ScriptOutputType output, String... arguments) {
    return call(c -> script.run(c, output, keys, arguments));
  }

  <T> CompletionStage<T> call(
      Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
    return call(commands, command);
  }

  /** The same where values are bytes, on a connection of its own. */
  <T> CompletionStage<T> binary(
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
    return call(binaryCommands, command);
  }

  /**
   * A command that waits in Redis, for less than {@link #BOUND}: on a connection of its own, which
   * is made by the first one.
   */
  <T> CompletionStage<T> blocking(
      Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
    RedisClusterAsyncCommands<String, String> connected = blockingCommands;
    if (connected != null) {
      return call(connected, command);
    }
    return CompletableFuture.supplyAsync(
            blocking::commands, task -> daemon(task, "redis-connect-blocking").start())
        .thenCompose(
            made -> {
              blockingCommands = made;
              return call(made, command);
            });
  }

  private static <V, T> CompletionStage<T> call(
      @Nullable RedisClusterAsyncCommands<String, V> connected,
      Function<RedisClusterAsyncCommands<String, V>, CompletionStage<T>> command) {
    if (connected == null) {
      return CompletableFuture.failedStage(new RedisConnectionException("not connected yet"));
    }
    try {
      return command
          .apply(connected)
          .toCompletableFuture()
          .copy() // a timeout here must not cancel what others wait for
          .orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RedisException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public void start() {
    daemon(this::connect, "redis-connect").start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void connect() {
    boolean told = false;
    try {
      do {
        try {
          binaryCommands = binary.commands();
          commands = redis.commands();
          return;
        } catch (RedisException e) {
          if (!told) {
            log.warn("Redis is not reachable yet: {}", e.toString());
            told = true;
          }
        }
      } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
    redis.close();
  }
}
