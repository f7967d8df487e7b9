package io.fullhouse.gateway.ivs;

import io.fullhouse.redis.CallBudget.Grant;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Tokens from IVS, no faster than the account may ask for them. Thread-safe.
 *
 * <p>A crowd waits its turn for a moment, without a thread; who would have to wait longer is told
 * to come back, before IVS is asked. So the refused cost the account nothing.
 */
public final class BudgetedTokens implements ParticipantTokens, AutoCloseable {
  /** How long the turn may be away. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** For the turn in all, Redis's answer included. */
  private static final Duration TURN_BOUND = Duration.ofSeconds(2);

  private final TokenBudget budget;
  private final IvsParticipantTokens ivs;

  public BudgetedTokens(TokenBudget budget, IvsParticipantTokens ivs) {
    this.budget = budget;
    this.ivs = ivs;
  }

  @Override
  public CompletionStage<Token> create(Wish wish) {
    return budget
        .reserve(PATIENCE)
        .thenCompose(BudgetedTokens::turn)
        .toCompletableFuture()
        .orTimeout(TURN_BOUND.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(turn -> ivs.create(wish));
  }

  private static CompletionStage<Grant> turn(Grant grant) {
    if (!grant.granted()) {
      return CompletableFuture.failedStage(TokenRefusals.budgetSpent());
    } else if (grant.delay().isZero()) {
      return CompletableFuture.completedStage(grant);
    }
    Executor later =
        CompletableFuture.delayedExecutor(grant.delay().toNanos(), TimeUnit.NANOSECONDS);
    return CompletableFuture.supplyAsync(() -> grant, later);
  }

  @Override
  public void close() {
    ivs.close();
  }
}
