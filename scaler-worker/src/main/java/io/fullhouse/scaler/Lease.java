package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to act: one scaler of a broadcast has it at a time. Thread-safe.
 *
 * <p>A process that was frozen finds its lease over by its own clock before it calls IVS, and by
 * the token in every script before it writes.
 */
final class Lease {
  private static final Logger log = LoggerFactory.getLogger(Lease.class);
  private static final LuaScript LEASE = LuaScript.load(Lease.class, "lease.lua");

  private final Redis redis;
  private final RedisKeys keys;
  private final String holder;
  private final Duration life;
  private final Runnable taken;
  private final LongSupplier nanoTime;
  private volatile @Nullable Held held;

  private record Held(String token, long untilNanos) {}

  /**
   * @param holder unique to this process; no {@code |} in it
   * @param life without renewal
   * @param taken called when this process becomes the one that acts
   */
  Lease(Redis redis, RedisKeys keys, String holder, Duration life, Runnable taken) {
    this(redis, keys, holder, life, taken, System::nanoTime);
  }

  /**
   * @param nanoTime goes on while the process is frozen
   */
  Lease(
      Redis redis,
      RedisKeys keys,
      String holder,
      Duration life,
      Runnable taken,
      LongSupplier nanoTime) {
    this.redis = redis;
    this.keys = keys;
    this.holder = holder;
    this.life = life;
    this.taken = taken;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes the lease when nobody has it, or keeps it.
   *
   * @return when to do so again
   */
  Duration step() {
    long asked =
        nanoTime.getAsLong(); // before Redis starts the clock: ours is the one to run out first
    String token = run(life);
    Held before = held;
    if (token.isEmpty()) {
      held = null;
      if (before != null) {
        log.warn("another scaler acts now");
      }
    } else {
      held = new Held(token, asked + life.toNanos());
      if (before == null || !before.token().equals(token)) {
        log.info("this scaler acts now: lease {}", token);
        taken.run();
      }
    }
    return life.dividedBy(4);
  }

  /** What a write has to name; empty when this process must not act. */
  Optional<String> token() {
    Held now = held;
    return now == null || now.untilNanos() - nanoTime.getAsLong() <= 0
        ? Optional.empty()
        : Optional.of(now.token());
  }

  /** Lets another scaler act at once. */
  void giveBack() {
    held = null;
    try {
      run(Duration.ZERO);
    } catch (RedisException e) {
      log.info("the lease lapses by itself: {}", e.getMessage());
    }
  }

  private String run(Duration time) {
    return await(
        LEASE.<String>run(
            redis.commands(),
            ScriptOutputType.VALUE,
            keys,
            holder,
            Long.toString(time.toMillis())));
  }
}
