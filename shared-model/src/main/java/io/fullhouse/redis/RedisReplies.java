package io.fullhouse.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for replies where a thread of its own may wait: the workers' loops and the audits. */
public final class RedisReplies {
  /** Above the commands' own bound, which normally speaks first. */
  private static final Duration BOUND = RedisSettings.COMMAND_TIMEOUT.multipliedBy(3);

  private RedisReplies() {}

  /**
   * The reply, which Redis always gives.
   *
   * @throws RedisException when Redis is away, refuses or does not answer in time
   */
  public static <T> T await(CompletionStage<T> reply) {
    T value = awaitNullable(reply);
    if (value == null) {
      throw new RedisException("Redis answered nil where it never does");
    }
    return value;
  }

  /**
   * The reply, null where there is nothing.
   *
   * @throws RedisException when Redis is away, refuses or does not answer in time
   */
  public static <T> @Nullable T awaitNullable(CompletionStage<T> reply) {
    try {
      return reply.toCompletableFuture().get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RedisException redis) {
        throw redis;
      }
      throw new RedisException(cause == null ? e : cause);
    } catch (TimeoutException e) {
      throw new RedisCommandTimeoutException("no reply within " + BOUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisException("interrupted while waiting for Redis", e);
    }
  }
}
