package io.fullhouse.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * So many calls a second for all processes of an AWS account together: a token bucket in Redis, on
 * Redis's clock. Immutable and thread-safe.
 *
 * <p>In any span of time at most {@code rate × time + burst} calls are let through. An answer that
 * is lost costs calls, and never lets more through. A damaged key counts as a bucket just spent.
 * While Redis is away the stage fails as any command does; nothing is let through.
 */
public final class CallBudget {
  private static final String REDIS_CLOCK = "";

  /** Nobody may reserve further ahead. */
  private static final Duration MAX_PATIENCE = Duration.ofSeconds(30);

  private static final double PAUSE_SECONDS = 0.1;

  private static final LuaScript TAKE = LuaScript.load(CallBudget.class, "take_calls.lua");

  private final String key;
  private final double microsEach;
  private final int burst;

  /**
   * What came of it.
   *
   * @param granted whether the calls are the caller's
   * @param delay before making them; when not granted, before asking again
   */
  public record Grant(boolean granted, Duration delay) {}

  /**
   * A budget; everybody who shares it must say the same of it.
   *
   * @param key one of {@link AccountKeys}
   * @param perSecond calls
   * @param burst calls that may be made at once after a pause
   */
  public CallBudget(String key, double perSecond, int burst) {
    if (!(perSecond > 0 && perSecond <= 1e6) || burst < 1) {
      throw new IllegalArgumentException(
          "a budget of " + perSecond + " calls a second, " + burst + " at once");
    }
    this.key = key;
    this.microsEach = TimeUnit.SECONDS.toMicros(1) / perSecond;
    this.burst = burst;
  }

  /** Takes the calls if they can be made at once. */
  public CompletionStage<Grant> take(RedisClusterAsyncCommands<String, String> redis, int calls) {
    return reserve(redis, calls, Duration.ZERO);
  }

  /**
   * Takes the calls if they can be made within the patience, first come, first served. Who is
   * granted them waits, then makes them, and asks no more.
   */
  public CompletionStage<Grant> reserve(
      RedisClusterAsyncCommands<String, String> redis, int calls, Duration patience) {
    return reserve(redis, REDIS_CLOCK, calls, patience);
  }

  /**
   * AWS throttled a call that was let through: calls had bunched up on their way, or somebody else
   * makes some. Everybody pauses for a tenth of a second, so that AWS's own bucket fills again: a
   * budget as fast as AWS's would never let it.
   */
  public CompletionStage<Grant> pause(RedisClusterAsyncCommands<String, String> redis) {
    int calls = (int) Math.max(1, Math.min(burst, perSecond() * PAUSE_SECONDS));
    return reserve(redis, calls, MAX_PATIENCE);
  }

  /**
   * How many calls could be made at once at that time; by then others may have made them.
   *
   * @param now by Redis's clock
   */
  public CompletionStage<Integer> left(
      RedisClusterAsyncCommands<String, String> redis, Instant now) {
    return redis
        .get(key)
        .thenApply(stored -> left(stored, ChronoUnit.MICROS.between(Instant.EPOCH, now)));
  }

  private int left(@Nullable String fullAt, long nowMicros) {
    if (fullAt == null) {
      return burst;
    }
    try {
      long missing = Math.max(0, Long.parseLong(fullAt) - nowMicros);
      return (int) Math.max(0, Math.floor(burst - missing / microsEach));
    } catch (NumberFormatException e) {
      return 0; // a damaged key counts as a bucket just spent
    }
  }

  /** Calls a second. */
  public double perSecond() {
    return TimeUnit.SECONDS.toMicros(1) / microsEach;
  }

  /**
   * @param now epoch µs, for tests of time
   */
  CompletionStage<Grant> reserve(
      RedisClusterAsyncCommands<String, String> redis, String now, int calls, Duration patience) {
    if (calls < 1 || calls > burst || patience.isNegative() || isTooLong(patience)) {
      throw new IllegalArgumentException(
          calls + " calls of a burst of " + burst + ", within " + patience);
    }
    return TAKE.<List<Long>>run(
            redis,
            ScriptOutputType.MULTI,
            key,
            now,
            Integer.toString(calls),
            Double.toString(microsEach),
            Integer.toString(burst),
            Long.toString(micros(patience)),
            Long.toString(micros(MAX_PATIENCE)))
        .thenApply(
            reply -> new Grant(reply.get(0) == 1, Duration.of(reply.get(1), ChronoUnit.MICROS)));
  }

  private static boolean isTooLong(Duration patience) {
    return patience.compareTo(MAX_PATIENCE) > 0;
  }

  private static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }
}
