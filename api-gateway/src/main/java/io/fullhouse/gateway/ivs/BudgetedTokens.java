package io.fullhouse.gateway.ivs;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.redis.CallBudget.Grant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens from IVS, no faster than the account may ask for them. Thread-safe.
 *
 * <p>A crowd waits its turn for a moment, without a thread; who would have to wait longer is told
 * to come back, before IVS is asked. So the refused cost the account nothing.
 */
public final class BudgetedTokens implements ParticipantTokens {
  /** How long the turn may be away. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** For the turn in all, Redis's answer included. */
  private static final Duration TURN_BOUND = Duration.ofSeconds(2);

  private static final Duration REFRESH_PAUSE = Duration.ofSeconds(1);

  private static final CompletionStage<Optional<Token>> NONE =
      CompletableFuture.completedStage(Optional.empty());

  private final AtomicLong refreshesFrom = new AtomicLong(System.nanoTime());
  private final TokenBudget budget;
  private final IvsParticipantTokens ivs;

  public BudgetedTokens(TokenBudget budget, IvsParticipantTokens ivs) {
    this.budget = budget;
    this.ivs = ivs;
  }

  @Override
  public CompletionStage<Token> create(Wish wish) {
    long start = System.nanoTime();
    return budget
        .reserve(PATIENCE)
        .thenCompose(grant -> turn(grant, start))
        .thenCompose(turn -> ivs.create(wish));
  }

  @Override
  public CompletionStage<Optional<ParticipantId>> choose() {
    return CompletableFuture.completedStage(Optional.empty());
  }

  /** Only from what nobody else wants: for a while after it got none it does not even ask. */
  @Override
  public CompletionStage<Optional<Token>> refresh(Wish wish) {
    long now = System.nanoTime();
    if (now - refreshesFrom.get() < 0) {
      return NONE;
    }
    return budget
        .reserve(Duration.ZERO)
        .thenCompose(
            grant -> {
              if (!grant.granted()) {
                refreshesFrom.set(now + REFRESH_PAUSE.toNanos());
                return NONE;
              }
              return ivs.create(wish).thenApply(Optional::of);
            })
        .exceptionally(failure -> Optional.empty());
  }

  private static CompletionStage<Grant> turn(Grant grant, long start) {
    Duration turn = Duration.ofNanos(System.nanoTime() - start).plus(grant.delay());
    if (!grant.granted() || turn.compareTo(TURN_BOUND) > 0) {
      return CompletableFuture.failedStage(TokenRefusals.budgetSpent());
    } else if (grant.delay().isZero()) {
      return CompletableFuture.completedStage(grant);
    }
    Executor later =
        CompletableFuture.delayedExecutor(
            grant.delay().toNanos(), TimeUnit.NANOSECONDS, Runnable::run);
    return CompletableFuture.supplyAsync(() -> grant, later);
  }

  @Override
  public void close() {
    ivs.close();
  }
}
