package io.fullhouse.redis;

import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waiting for an answer of Redis, for threads that may block. */
public final class RedisAnswer {
  /** The client gives up first, with a better message; a script that is sent again takes two. */
  private static final Duration BOUND =
      RedisSettings.COMMAND_TIMEOUT.multipliedBy(2).plusMillis(500);

  private RedisAnswer() {}

  /**
   * The answer to a command that always has one, once it is there.
   *
   * @throws RedisException when Redis refused, is away, or does not answer in time; on an
   *     interrupt, which stays set
   */
  public static <T> T await(CompletionStage<T> answer) {
    T value = awaitNullable(answer);
    if (value == null) {
      throw new RedisException("Redis answered nil where it never does");
    }
    return value;
  }

  /**
   * The answer, or null where there is nothing; else as {@link #await}.
   *
   * @throws RedisException likewise
   */
  public static <T> @Nullable T awaitNullable(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisException failure) {
        throw failure;
      }
      throw new RedisException(e.getCause());
    } catch (CancellationException e) {
      throw new RedisException("the connection was closed", e);
    } catch (TimeoutException e) {
      throw new RedisCommandTimeoutException("no answer within " + BOUND.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisCommandInterruptedException(e);
    }
  }
}
