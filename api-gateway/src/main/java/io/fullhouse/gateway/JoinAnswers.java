package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.JoinAnswer;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.auth.SeatOffice.Proven;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a viewer is told who joined or came back. Thread-safe. */
final class JoinAnswers {
  private static final List<String> SUBSCRIBE = List.of("SUBSCRIBE");

  private final SeatOffice office;
  private final BroadcastId broadcast;
  private final Duration heartbeatInterval;
  private final InstantSource time;

  JoinAnswers(
      SeatOffice office, BroadcastId broadcast, Duration heartbeatInterval, InstantSource time) {
    this.office = office;
    this.broadcast = broadcast;
    this.heartbeatInterval = heartbeatInterval;
    this.time = time;
  }

  /** A new token, and the seat that goes with it. */
  JoinAnswer withToken(
      UserId user, Seating.Seated seated, Token token, Map<String, String> attributes) {
    Seat seat =
        new Seat(
            broadcast,
            user,
            seated.stage(),
            token.participant(),
            new AdmissionId(seated.admission()),
            time.instant(),
            token.expiresAt(),
            token.expiresAt(),
            attributes);
    return seated(seat, seated, token.text(), office.write(seat));
  }

  /** The viewer's own token and seat still serve. */
  JoinAnswer goingOn(Proven proven, Seating.Seated seated) {
    Seat seat = proven.seat();
    return seated(seat, seated, null, office.renew(proven).orElseGet(() -> office.write(seat)));
  }

  private JoinAnswer seated(
      Seat seat, Seating.Seated seated, @Nullable String token, String seatText) {
    Instant end = seat.expiresAt();
    return new JoinAnswer(
        token,
        seat.participant().value(),
        seat.user().value(),
        seat.stage().value(),
        SUBSCRIBE,
        Timestamps.of(end),
        Math.max(0, Duration.between(time.instant(), end).toSeconds()),
        seated.counts().ofStage(),
        seated.isNew(),
        seatText,
        heartbeatInterval.toSeconds(),
        seated.counts().total(),
        new Next.Continue());
  }

  /** Another device of the user has the seat now, or the broadcast is over. */
  JoinAnswer stop(Seat seat, Seating.Refused refused, Next.Stop stop) {
    return new JoinAnswer(
        null,
        null,
        seat.user().value(),
        seat.stage().value(),
        null,
        null,
        null,
        refused.counts().ofStage(),
        null,
        null,
        heartbeatInterval.toSeconds(),
        refused.counts().total(),
        stop);
  }
}
