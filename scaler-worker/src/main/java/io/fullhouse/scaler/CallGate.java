package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.CallBudget.Grant;
import io.fullhouse.redis.Redis;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets calls to IVS through: only those of the scaler that acts, and no more than all scalers of
 * the account may make together. Thread-safe; waits a few seconds at most.
 */
final class CallGate {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Optional<String> STANDING_BY = Optional.of("another scaler acts");

  private final Redis redis;
  private final CallBudget budget;
  private final Supplier<Optional<String>> lease;

  CallGate(Redis redis, CallBudget budget, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.budget = budget;
    this.lease = lease;
  }

  /** Waits for its turn; says why there is none. */
  Optional<String> pass() {
    if (lease.get().isEmpty()) {
      return STANDING_BY;
    }
    try {
      Grant grant = await(budget.reserve(redis.commands(), 1, PATIENCE));
      if (!grant.granted()) {
        return Optional.of("the call budget of the account is spent");
      }
      Thread.sleep(grant.delay().toMillis());
    } catch (RedisException e) {
      return Optional.of("no call budget without Redis: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
    // Asked last: the wait may have been longer than the lease.
    return lease.get().isPresent() ? Optional.empty() : STANDING_BY;
  }
}
