package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.KeyGuard;
import io.fullhouse.gateway.auth.Tickets;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.live.Hub;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Lets in those who watch: with a key or a ticket, while Redis is there and a place is free.
 * Thread-safe.
 *
 * @param slowAfter who takes nothing for so long is let go
 */
record LiveDoor(Hub hub, Tickets tickets, StatsReader stats, Duration slowAfter, Executor threads) {
  /** Takes the response from Jersey. Throws when it cannot; nothing is sent then. */
  interface Takeover {
    void run();
  }

  /** Refuses through {@code answer}, or gives a place in the hub to whom {@code takeover} makes. */
  void open(
      ContainerRequestContext request,
      Optional<String> ticket,
      AsyncResponse answer,
      Takeover takeover) {
    proof(request, ticket)
        .thenCompose(proven -> stats.recent())
        .whenCompleteAsync(
            (now, failure) -> {
              if (failure != null) {
                answer.resume(failure);
              } else if (!hub.enter()) {
                answer.resume(ApiException.unavailable(Phrase.TOO_MANY_WATCH));
              } else {
                takeOver(answer, takeover);
              }
            },
            threads);
  }

  private void takeOver(AsyncResponse answer, Takeover takeover) {
    try {
      takeover.run();
    } catch (RuntimeException e) {
      hub.leave();
      answer.resume(e);
    }
  }

  /** The key that let the request pass, else the ticket for which it did. */
  private CompletionStage<Void> proof(ContainerRequestContext request, Optional<String> ticket) {
    return KeyGuard.callerOf(request).isPresent()
        ? CompletableFuture.completedStage(null)
        : tickets.redeem(ticket.orElseThrow());
  }
}
