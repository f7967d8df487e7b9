package io.fullhouse.gateway;

import io.fullhouse.gateway.Admissions.Refusal;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.StageArn;
import java.util.Optional;

/** How bringing a viewer to a seat ended. */
sealed interface Seating {
  /**
   * The join is in the log.
   *
   * @param token empty when the token that the viewer holds still serves
   */
  record Seated(
      StageArn stage, String admission, boolean isNew, Counts counts, Optional<Token> token)
      implements Seating {}

  /**
   * There is no seat.
   *
   * @param detail what the seat script says of it, or empty
   */
  record Refused(Refusal refusal, Counts counts, String detail) implements Seating {
    /** As the contract tells it. */
    ApiException toException() {
      return switch (refusal) {
        case FULL -> NoSeat.full(detail);
        case RECOVERING -> NoSeat.recovering();
        case SHUT -> NoSeat.shut(detail);
        case GONE -> KnownStages.unknown();
        case BANNED -> Ban.refusal(detail);
        case ENDED ->
            ApiException.retry(
                ErrorCode.NOT_FOUND,
                "PUBLISHER_OFFLINE",
                Phrase.BROADCAST_ENDED,
                RetryAfter.AT_LEISURE);
        case OFFLINE ->
            ApiException.retry(
                ErrorCode.NOT_FOUND,
                "PUBLISHER_OFFLINE",
                Phrase.NOBODY_PUBLISHES,
                RetryAfter.around(10));
        // A join that a lost connection repeated, and meanwhile the same user joined elsewhere.
        case CLOSED, SUPERSEDED, UNKNOWN, KICKED, CUT ->
            ApiException.retry(
                ErrorCode.SERVICE_UNAVAILABLE, "SUPERSEDED", Phrase.SUPERSEDED, RetryAfter.SHORTLY);
      };
    }
  }
}
