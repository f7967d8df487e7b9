package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.ParticipantId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Later tokens for viewers whose own is near its end, offered with a heartbeat. Thread-safe.
 *
 * <p>The seat that comes with one says when that token ends, so a client that keeps it is not
 * offered another for a while. A client that does not is offered the same one again: it is
 * remembered, and nothing is made for it at every heartbeat.
 */
final class Refreshes {
  /**
   * About 20 MB of text. Beyond it the oldest is forgotten, and made again if it is still asked
   * for.
   */
  private static final int REMEMBERED = 20_000;

  private final ParticipantTokens tokens;
  private final Ages ages;
  private final Map<ParticipantId, Token> offered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ParticipantId, Token> eldest) {
          return size() > REMEMBERED;
        }
      };

  Refreshes(ParticipantTokens tokens, Ages ages) {
    this.tokens = tokens;
    this.ages = ages;
  }

  /**
   * A later token.
   *
   * @param seat the same place, with that token
   */
  record Refreshed(Token token, Seat seat) {}

  /**
   * Empty while the viewer's own token serves, and while a later one would cost newcomers theirs.
   */
  CompletionStage<Optional<Refreshed>> offer(Seat seat) {
    if (!ages.tokenIsOld(seat)) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return offered(seat)
        .map(token -> CompletableFuture.completedStage(Optional.of(token)))
        .orElseGet(() -> create(seat))
        .thenApply(
            found ->
                found.map(
                    token ->
                        new Refreshed(token, seat.with(token.participant(), token.expiresAt()))));
  }

  /** Whether no token helps any more: the viewer must connect anew. */
  boolean connectionIsOld(Seat seat) {
    return ages.connectionIsOld(seat);
  }

  private CompletionStage<Optional<Token>> create(Seat seat) {
    Wish wish =
        new Wish(
            seat.stage(),
            seat.user(),
            Set.of(Capability.SUBSCRIBE),
            ages.tokenLife(),
            seat.attributes(),
            Optional.of(seat.participant()));
    return tokens
        .refresh(wish)
        .thenApply(
            created -> {
              created.ifPresent(token -> remember(seat.participant(), token));
              return created;
            });
  }

  private synchronized Optional<Token> offered(Seat seat) {
    return Optional.ofNullable(offered.get(seat.participant()))
        .filter(token -> !ages.isOld(token.expiresAt()));
  }

  private synchronized void remember(ParticipantId participant, Token token) {
    offered.put(participant, token);
  }
}
