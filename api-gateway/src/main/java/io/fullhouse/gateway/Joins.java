package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.JoinAnswer;
import io.fullhouse.gateway.SeatAsk.Place;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice.Proven;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Joins and rejoins, by key and by seat. Thread-safe. */
final class Joins {
  private final Usher usher;
  private final JoinAnswers answers;
  private final Duration tokenLife;
  private final boolean joinBeforeLive;
  private final InstantSource time;

  /**
   * @param tokenLife of a viewer token
   * @param joinBeforeLive whether viewers are seated while nobody publishes
   */
  Joins(
      Usher usher,
      JoinAnswers answers,
      Duration tokenLife,
      boolean joinBeforeLive,
      InstantSource time) {
    this.usher = usher;
    this.answers = answers;
    this.tokenLife = tokenLife;
    this.joinBeforeLive = joinBeforeLive;
    this.time = time;
  }

  /** A new presence of this user, which supersedes an older one. */
  CompletionStage<JoinAnswer> join(
      UserId user, Optional<StageArn> wanted, Map<String, String> attributes, String requestId) {
    Place place = wanted.map(Place::preferring).orElse(Place.ANY);
    return seat(SeatAsk.join(user, place, !joinBeforeLive, requestId), attributes);
  }

  /** The same by an application's backend that knows its viewer was seated already. */
  CompletionStage<JoinAnswer> rejoin(Claim.ByKey claim, RejoinReason reason, String requestId) {
    Place place =
        reason.leavesStage() ? Place.avoiding(claim.stage()) : Place.preferring(claim.stage());
    return seat(SeatAsk.join(claim.user(), place, false, requestId), Map.of());
  }

  private CompletionStage<JoinAnswer> seat(SeatAsk ask, Map<String, String> attributes) {
    return usher
        .seat(ask, attributes)
        .thenApply(
            seating -> {
              if (seating instanceof Seating.Seated seated && seated.token().isPresent()) {
                return answers.withToken(ask.user(), seated, seated.token().get());
              } else if (seating instanceof Seating.Refused refused) {
                throw refused.toException();
              }
              throw new IllegalStateException("a new presence without a token");
            });
  }

  /** The same presence goes on, here or elsewhere. */
  CompletionStage<JoinAnswer> rejoin(Proven proven, RejoinReason reason, String requestId) {
    Seat seat = proven.seat();
    boolean newToken = reason == RejoinReason.TOKEN_EXPIRED || tokenIsOld(seat);
    SeatAsk ask = SeatAsk.rejoin(seat, reason.leavesStage(), newToken, requestId);
    return usher.seat(ask, Map.of()).thenApply(seating -> rejoined(proven, seating));
  }

  private JoinAnswer rejoined(Proven proven, Seating seating) {
    if (seating instanceof Seating.Seated seated) {
      return seated
          .token()
          .map(token -> answers.withToken(proven.seat().user(), seated, token))
          .orElseGet(() -> answers.goingOn(proven, seated));
    } else if (seating instanceof Seating.Refused refused
        && refused.refusal() == Admissions.Refusal.SUPERSEDED) {
      return answers.superseded(proven.seat(), refused);
    } else if (seating instanceof Seating.Refused refused) {
      throw refused.toException();
    }
    throw new IllegalStateException();
  }

  /** The player checks a token's expiry at every subscribe, so one near its end is replaced. */
  private boolean tokenIsOld(Seat seat) {
    Instant tokenEnd = seat.issuedAt().plus(tokenLife);
    Instant end = seat.expiresAt().isBefore(tokenEnd) ? seat.expiresAt() : tokenEnd;
    return Duration.between(time.instant(), end).compareTo(tokenLife.dividedBy(4)) < 0;
  }
}
