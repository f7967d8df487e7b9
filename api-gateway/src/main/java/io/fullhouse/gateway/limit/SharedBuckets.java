package io.fullhouse.gateway.limit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce.LettuceBasedProxyManagerBuilder;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in Redis, shared by all gateways of a broadcast. Thread-safe, waits for nothing.
 *
 * <p>Read, then compare and set: two that take at once try again, and one that finds the bucket
 * empty writes nothing. Time is this gateway's clock; where gateways disagree, the difference is
 * let through once. A bucket's key is gone when it would be full; one that cannot be read is
 * dropped, and begins anew.
 */
public final class SharedBuckets {
  private static final Duration KEPT_LONGER = Duration.ofSeconds(1);

  private final Redis redis;
  private final InstantSource time;
  private final Duration bound;
  private volatile @Nullable Opened opened;

  /** How calls reach Redis: they fail while it is away, and end in bounded time. */
  public interface Redis {
    <T> CompletionStage<T> call(
        Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command);
  }

  private record Opened(
      RedisClusterAsyncCommands<String, byte[]> commands, AsyncProxyManager<String> buckets) {}

  /**
   * @param bound no call tries for longer
   */
  public SharedBuckets(Redis redis, InstantSource time, Duration bound) {
    this.redis = redis;
    this.time = time;
    this.bound = bound;
  }

  /** Takes one if there is one. */
  CompletionStage<Quota> take(String key, Rate rate) {
    return readable(
            key,
            () ->
                redis.call(commands -> bucket(commands, key, rate).tryConsumeAndReturnRemaining(1)))
        .thenApply(probe -> quota(probe, rate));
  }

  private <T> CompletionStage<T> readable(String key, Supplier<CompletionStage<T>> call) {
    return call.get()
        .exceptionallyCompose(
            failure ->
                isDamage(failure)
                    ? redis.call(commands -> commands.del(key)).thenCompose(gone -> call.get())
                    : CompletableFuture.failedStage(failure));
  }

  /** Anything but that Redis is away, silent or refuses: the fault is the value's. */
  private static boolean isDamage(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean wrongType =
        cause instanceof RedisCommandExecutionException
            && String.valueOf(cause.getMessage()).startsWith("WRONGTYPE");
    return wrongType
        || !(cause instanceof RedisException
            || cause instanceof TimeoutException
            || cause instanceof CancellationException);
  }

  private static Quota quota(ConsumptionProbe probe, Rate rate) {
    return new Quota(
        probe.isConsumed(),
        rate.count(),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /**
   * Takes so many, also more than there are.
   *
   * @return how many are left; negative: how many are owed
   */
  CompletionStage<Long> debit(String key, Rate rate, int many) {
    return readable(
            key,
            () ->
                redis.call(
                    commands ->
                        bucket(commands, key, rate).asVerbose().consumeIgnoringRateLimits(many)))
        .thenApply(result -> result.getState().getAvailableTokens());
  }

  private AsyncBucketProxy bucket(
      RedisClusterAsyncCommands<String, byte[]> commands, String key, Rate rate) {
    BucketConfiguration size =
        BucketConfiguration.builder()
            .addLimit(limit -> limit.capacity(rate.count()).refillGreedy(rate.count(), rate.per()))
            .build();
    return buckets(commands).builder().build(key, () -> CompletableFuture.completedFuture(size));
  }

  private AsyncProxyManager<String> buckets(RedisClusterAsyncCommands<String, byte[]> commands) {
    Opened current = opened;
    if (current == null || current.commands() != commands) {
      current = new Opened(commands, open(commands));
      opened = current;
    }
    return current.buckets();
  }

  private AsyncProxyManager<String> open(RedisClusterAsyncCommands<String, byte[]> commands) {
    return builder(commands)
        .clientClock(clock())
        .requestTimeout(bound.multipliedBy(2)) // the caller gave up before
        .expirationAfterWrite(
            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_LONGER))
        .build()
        .asAsync();
  }

  private static LettuceBasedProxyManagerBuilder<String> builder(
      RedisClusterAsyncCommands<String, byte[]> commands) {
    if (commands instanceof RedisAsyncCommands<String, byte[]> standalone) {
      return Bucket4jLettuce.casBasedBuilder(standalone);
    } else if (commands instanceof RedisAdvancedClusterAsyncCommands<String, byte[]> cluster) {
      return Bucket4jLettuce.casBasedBuilder(cluster);
    }
    throw new AssertionError("neither standalone nor cluster");
  }

  private TimeMeter clock() {
    return new TimeMeter() {
      @Override
      public long currentTimeNanos() {
        return TimeUnit.MILLISECONDS.toNanos(time.millis());
      }

      @Override
      public boolean isWallClockBased() {
        return true;
      }
    };
  }
}
