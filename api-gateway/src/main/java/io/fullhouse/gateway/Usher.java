package io.fullhouse.gateway;

import io.fullhouse.gateway.Admissions.Answer;
import io.fullhouse.gateway.Admissions.Refusal;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.ViewerEvent.Left;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a viewer to a seat. Thread-safe.
 *
 * <p>Where IVS makes the token, the seat is held, the token fetched, the seat taken. A token that
 * does not come gives back only the seat held for it; should even that fail, the hold lapses by
 * itself.
 *
 * <p>Where we sign it, a new viewer's seat is taken at once and the token made for it. Should that
 * fail the viewer leaves again; should even that fail, the sweep finds nobody there. Who is seated
 * already and needs another token goes the first way: a token that fails must not end what works.
 */
final class Usher {
  private static final Logger log = LoggerFactory.getLogger(Usher.class);

  private final Admissions admissions;
  private final ParticipantTokens tokens;
  private final EventLog events;
  private final Duration tokenLife;
  private final GatewayMetrics metrics;

  Usher(
      Admissions admissions,
      ParticipantTokens tokens,
      EventLog events,
      Duration tokenLife,
      GatewayMetrics metrics) {
    this.admissions = admissions;
    this.tokens = tokens;
    this.events = events;
    this.tokenLife = tokenLife;
    this.metrics = metrics;
  }

  /**
   * @param attributes of the token, if one is needed
   */
  CompletionStage<Seating> seat(SeatAsk ask, Map<String, String> attributes) {
    CompletionStage<Seating> seating =
        ask.why() == SeatAsk.Why.JOIN
            ? tokens
                .choose()
                .thenCompose(
                    ours ->
                        ours.map(participant -> take(ask, participant, attributes))
                            .orElseGet(() -> holdFirst(ask, attributes)))
            : holdFirst(ask, attributes);
    return seating.thenApply(this::counted);
  }

  private CompletionStage<Seating> take(
      SeatAsk unnamed, ParticipantId participant, Map<String, String> attributes) {
    SeatAsk ask = unnamed.naming(participant);
    return admissions
        .ask(ask)
        .thenCompose(
            answer ->
                answer instanceof Answer.Taken taken
                    ? tokens
                        .create(wish(ask, taken.stage(), attributes, Optional.of(participant)))
                        .exceptionallyCompose(failure -> seatedInVain(ask, taken, failure))
                        .thenApply(token -> seated(ask, taken, taken.isNew(), Optional.of(token)))
                    : CompletableFuture.completedStage(refused(answer)));
  }

  /** Waits until the leave is in the log: whoever is told of the failure may come back at once. */
  private CompletionStage<Token> seatedInVain(SeatAsk ask, Answer.Taken taken, Throwable failure) {
    metrics.tokenFailed();
    return events
        .append(new Left(taken.stage(), ask.user(), ask.presence()), ask.requestId())
        .handle(
            (entry, unwritten) -> {
              if (unwritten != null) {
                log.warn("a seat taken in vain is left to the sweep: {}", unwritten.toString());
              }
              return failure;
            })
        .thenCompose(CompletableFuture::failedStage);
  }

  private CompletionStage<Seating> holdFirst(SeatAsk ask, Map<String, String> attributes) {
    return hold(ask)
        .thenCompose(
            answer ->
                answer instanceof Answer.Held held
                    ? takeHeld(ask, held, attributes)
                    : CompletableFuture.completedStage(atOnce(ask, answer)));
  }

  private Wish wish(
      SeatAsk ask,
      StageArn stage,
      Map<String, String> attributes,
      Optional<ParticipantId> participant) {
    return new Wish(
        stage, ask.user(), Set.of(Capability.SUBSCRIBE), tokenLife, attributes, participant);
  }

  private static Seating.Seated seated(
      SeatAsk ask, Answer.Taken taken, boolean isNew, Optional<Token> token) {
    return new Seating.Seated(
        taken.stage(), ask.presence().admission(), isNew, taken.counts(), token);
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
    return tokens
        .create(wish(ask, held.stage(), attributes, Optional.empty()))
        .exceptionallyCompose(failure -> withoutToken(ask, failure))
        .thenCompose(
            token ->
                admissions
                    .ask(ask.withToken(token.participant(), held.stage()))
                    .thenApply(answer -> withToken(ask, held, token, answer)));
  }

  private static Seating atOnce(SeatAsk ask, Answer answer) {
    if (answer instanceof Answer.Taken taken) {
      return seated(ask, taken, taken.isNew(), Optional.empty());
    }
    return refused(answer);
  }

  private static Seating withToken(SeatAsk ask, Answer.Held held, Token token, Answer answer) {
    if (answer instanceof Answer.Taken taken) {
      return seated(ask, taken, held.isNew(), Optional.of(token));
    }
    Seating.Refused refused = refused(answer);
    return switch (refused.refusal()) {
      // The hold lapsed and the seat went to somebody else: full, whatever became of the stage.
      case GONE, FULL, RECOVERING -> new Seating.Refused(Refusal.FULL, refused.counts(), "");
      case UNKNOWN, SUPERSEDED, CLOSED, OFFLINE, ENDED, SHUT, BANNED, KICKED, CUT -> refused;
    };
  }

  private static Seating.Refused refused(Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      return new Seating.Refused(refused.refusal(), refused.counts(), refused.detail());
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
    } else if (seating instanceof Seating.Refused refused && refused.refusal() == Refusal.BANNED) {
      metrics.joinBanned();
    }
    return seating;
  }
}
