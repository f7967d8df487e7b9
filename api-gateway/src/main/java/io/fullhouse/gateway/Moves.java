package io.fullhouse.gateway;

import io.fullhouse.gateway.Admissions.Answer;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Offers the viewers of a stage that drains a place on another one. Thread-safe.
 *
 * <p>The new place is held under the participant of the new token, beside the old one, which stays
 * the viewer's until the new participant is heard: its heartbeat is the move, one atomic step.
 * Until then each heartbeat repeats the offer. Newcomers' tokens come first: an offer that would
 * cost one is made later.
 */
final class Moves {
  /** An offer is remembered as long as its place is held; beyond this many the oldest is not. */
  private static final int REMEMBERED = 20_000;

  private final Admissions admissions;
  private final ParticipantTokens tokens;
  private final SeatOffice office;
  private final Duration tokenLife;
  private final Duration hold;
  private final InstantSource time;
  private final Map<AdmissionId, Offer> offered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AdmissionId, Offer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param hold how long an offered place is kept: longer than a viewer is silent between beats
   */
  Moves(
      Admissions admissions,
      ParticipantTokens tokens,
      SeatOffice office,
      Duration tokenLife,
      Duration hold,
      InstantSource time) {
    this.admissions = admissions;
    this.tokens = tokens;
    this.office = office;
    this.tokenLife = tokenLife;
    this.hold = hold;
    this.time = time;
  }

  /** A token, and the seat on its stage. */
  private record Offer(Token token, Seat seat) {}

  /** Whether the viewers of the stage are to go to another one. */
  static boolean leaving(StatsSnapshot now, StageArn stage) {
    return now.stage(stage)
        .filter(known -> known.state() == StatsSnapshot.State.DRAINING)
        .flatMap(StatsSnapshot.Stage::metadata)
        .filter(metadata -> metadata.state().equals(StageMetadata.DRAINING))
        .isPresent();
  }

  /**
   * Whether IVS was told to delete the stage though somebody was on it: at an operator's deadline.
   */
  static boolean gone(StatsSnapshot now, StageArn stage) {
    return now.stage(stage)
        .filter(known -> known.state() == StatsSnapshot.State.UNREGISTERED)
        .flatMap(StatsSnapshot.Stage::metadata)
        .filter(metadata -> metadata.state().equals(StageMetadata.DELETING))
        .isPresent();
  }

  /** Empty while there is no place or no token to spare: the next heartbeat asks again. */
  CompletionStage<Optional<Next.Move>> offer(Seat seat, String requestId) {
    return place(seat, requestId).thenApply(found -> found.map(this::told));
  }

  private Next.Move told(Offer offer) {
    return new Next.Move(
        "stage-draining",
        offer.seat().stage().value(),
        offer.token().text(),
        offer.token().participant().value(),
        Timestamps.of(offer.token().expiresAt()),
        office.write(offer.seat()));
  }

  private CompletionStage<Optional<Offer>> place(Seat seat, String requestId) {
    Optional<Offer> before = remembered(seat);
    SeatAsk ask =
        SeatAsk.move(seat, before.map(offer -> offer.token().participant().value()), requestId);
    return admissions
        .hold(ask, hold)
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Held held)) {
                return none(); // full, or the viewer has a place elsewhere meanwhile
              }
              return before
                  .filter(offer -> offer.seat().stage().equals(held.stage()))
                  .<CompletionStage<Optional<Offer>>>map(
                      offer -> CompletableFuture.completedStage(Optional.of(offer)))
                  .orElseGet(() -> withToken(seat, ask, held.stage()));
            });
  }

  private CompletionStage<Optional<Offer>> withToken(Seat seat, SeatAsk ask, StageArn stage) {
    Wish wish =
        new Wish(
            stage,
            seat.user(),
            Set.of(Capability.SUBSCRIBE),
            tokenLife,
            seat.attributes(),
            Optional.empty());
    return tokens
        .refresh(wish)
        .thenCompose(
            found ->
                found
                    .map(token -> held(seat, ask, stage, token))
                    .orElseGet(
                        () ->
                            admissions.release(seat.user(), ask.nonce()).thenCompose(x -> none())));
  }

  /** The place is held in the name of the participant who will be heard there. */
  private CompletionStage<Optional<Offer>> held(
      Seat seat, SeatAsk ask, StageArn stage, Token token) {
    return admissions
        .hold(ask.inTheNameOf(token.participant(), stage), hold)
        .thenApply(
            answer -> {
              if (!(answer instanceof Answer.Held)) {
                return Optional.empty();
              }
              Seat there =
                  new Seat(
                      seat.broadcast(),
                      seat.user(),
                      stage,
                      token.participant(),
                      seat.admission(),
                      time.instant(),
                      token.expiresAt(),
                      token.expiresAt(),
                      seat.attributes());
              Offer offer = new Offer(token, there);
              remember(seat, offer);
              return Optional.of(offer);
            });
  }

  private static CompletionStage<Optional<Offer>> none() {
    return CompletableFuture.completedStage(Optional.empty());
  }

  private synchronized Optional<Offer> remembered(Seat seat) {
    return Optional.ofNullable(offered.get(seat.admission()))
        .filter(offer -> !offer.seat().stage().equals(seat.stage()));
  }

  private synchronized void remember(Seat seat, Offer offer) {
    offered.put(seat.admission(), offer);
  }
}
