package io.fullhouse.gateway;

import io.fullhouse.gateway.Admissions.Answer;
import io.fullhouse.gateway.Admissions.Refusal;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a viewer to a seat: holds it, fetches the token, takes it. Thread-safe.
 *
 * <p>A token that does not come gives back only the seat held for it. Should even that fail, the
 * hold lapses by itself.
 */
final class Usher {
  private static final Logger log = LoggerFactory.getLogger(Usher.class);

  private final Admissions admissions;
  private final ParticipantTokens tokens;
  private final Duration tokenLife;
  private final GatewayMetrics metrics;

  Usher(
      Admissions admissions, ParticipantTokens tokens, Duration tokenLife, GatewayMetrics metrics) {
    this.admissions = admissions;
    this.tokens = tokens;
    this.tokenLife = tokenLife;
    this.metrics = metrics;
  }

  /**
   * @param attributes of the token, if one is needed
   */
  CompletionStage<Seating> seat(SeatAsk ask, Map<String, String> attributes) {
    return hold(ask)
        .thenCompose(
            answer ->
                answer instanceof Answer.Held held
                    ? takeHeld(ask, held, attributes)
                    : CompletableFuture.completedStage(atOnce(ask, answer)))
        .thenApply(this::counted);
  }

  private CompletionStage<Answer> hold(SeatAsk ask) {
    return admissions
        .ask(ask)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                giveBack(ask); // it may be held all the same, and nobody will come for it
              }
            });
  }

  private CompletionStage<Seating> takeHeld(
      SeatAsk ask, Answer.Held held, Map<String, String> attributes) {
    Wish wish = new Wish(held.stage(), ask.user(), Capability.SUBSCRIBE, tokenLife, attributes);
    return tokens
        .create(wish)
        .exceptionallyCompose(failure -> withoutToken(ask, failure))
        .thenCompose(
            token ->
                admissions
                    .ask(ask.withToken(token.participant(), held.stage()))
                    .thenApply(answer -> withToken(ask, held, token, answer)));
  }

  private static Seating atOnce(SeatAsk ask, Answer answer) {
    if (answer instanceof Answer.Taken taken) {
      return new Seating.Seated(
          taken.stage(),
          ask.presence().admission(),
          taken.isNew(),
          taken.counts(),
          Optional.empty());
    }
    return refused(answer);
  }

  private static Seating withToken(SeatAsk ask, Answer.Held held, Token token, Answer answer) {
    if (answer instanceof Answer.Taken taken) {
      return new Seating.Seated(
          taken.stage(),
          ask.presence().admission(),
          held.isNew(),
          taken.counts(),
          Optional.of(token));
    }
    Seating.Refused refused = refused(answer);
    return switch (refused.refusal()) {
      // The hold lapsed and the seat went to somebody else: full, whatever became of the stage.
      case GONE, FULL, RECOVERING -> new Seating.Refused(Refusal.FULL, refused.counts());
      case UNKNOWN, SUPERSEDED, CLOSED, OFFLINE -> refused;
    };
  }

  private static Seating.Refused refused(Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      return new Seating.Refused(refused.refusal(), refused.counts());
    }
    throw new IllegalStateException("a join or rejoin cannot be answered " + answer);
  }

  /** Waits until the seat is free again: whoever is told of it may come back at once. */
  private CompletionStage<Token> withoutToken(SeatAsk ask, Throwable failure) {
    metrics.tokenFailed();
    return giveBack(ask).thenCompose(done -> CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Boolean> giveBack(SeatAsk ask) {
    return admissions
        .release(ask.user(), ask.nonce())
        .exceptionally(
            failure -> {
              log.debug("a held seat lapses by itself: {}", failure.toString());
              return false;
            });
  }

  private Seating counted(Seating seating) {
    if (seating instanceof Seating.Seated) {
      metrics.joinTaken();
    } else if (seating instanceof Seating.Refused refused
        && (refused.refusal() == Refusal.FULL || refused.refusal() == Refusal.RECOVERING)) {
      metrics.joinFull();
    }
    return seating;
  }
}
