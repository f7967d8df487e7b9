package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.JoinAnswer;
import io.fullhouse.gateway.SeatAsk.Place;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice.Proven;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Joins and rejoins, by key and by seat. Thread-safe. */
final class Joins {
  private final Usher usher;
  private final JoinAnswers answers;
  private final Ages ages;
  private final boolean joinBeforeLive;

  /**
   * @param joinBeforeLive whether viewers are seated while nobody publishes
   */
  Joins(Usher usher, JoinAnswers answers, Ages ages, boolean joinBeforeLive) {
    this.usher = usher;
    this.answers = answers;
    this.ages = ages;
    this.joinBeforeLive = joinBeforeLive;
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
                return answers.withToken(ask.user(), seated, seated.token().get(), attributes);
              } else if (seating instanceof Seating.Refused refused) {
                throw refused.toException();
              }
              throw new IllegalStateException("a new presence without a token");
            });
  }

  /** The same presence goes on, here or elsewhere. */
  CompletionStage<JoinAnswer> rejoin(Proven proven, RejoinReason reason, String requestId) {
    Seat seat = proven.seat();
    boolean newToken =
        reason == RejoinReason.TOKEN_EXPIRED || ages.tokenIsOld(seat) || ages.connectionIsOld(seat);
    SeatAsk ask = SeatAsk.rejoin(seat, reason.leavesStage(), newToken, requestId);
    return usher.seat(ask, seat.attributes()).thenApply(seating -> rejoined(proven, seating));
  }

  private JoinAnswer rejoined(Proven proven, Seating seating) {
    Seat seat = proven.seat();
    if (seating instanceof Seating.Seated seated) {
      return seated
          .token()
          .map(token -> answers.withToken(seat.user(), seated, token, seat.attributes()))
          .orElseGet(() -> answers.goingOn(proven, seated));
    } else if (seating instanceof Seating.Refused refused
        && refused.refusal() == Admissions.Refusal.SUPERSEDED) {
      return answers.stop(seat, refused, Next.Stop.SUPERSEDED);
    } else if (seating instanceof Seating.Refused refused
        && refused.refusal() == Admissions.Refusal.ENDED) {
      return answers.stop(seat, refused, Next.Stop.ENDED);
    } else if (seating instanceof Seating.Refused refused
        && refused.refusal() == Admissions.Refusal.KICKED) {
      return answers.stop(seat, refused, Next.Stop.KICKED);
    } else if (seating instanceof Seating.Refused refused) {
      throw refused.toException();
    }
    throw new IllegalStateException();
  }
}
