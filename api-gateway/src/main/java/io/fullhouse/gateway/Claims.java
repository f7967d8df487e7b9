package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.KeyGuard;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.auth.SeatOffice.Proven;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.limit.TrustedProxies;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads who asks on the routes that take a seat or an API key. A seat goes first; what the body
 * says beside it must agree with it. Thread-safe.
 */
final class Claims {
  private static final String BEARER = "bearer ";

  private final KeyGuard keys;
  private final SeatOffice seats;
  private final RequestLimits limits;
  private final TrustedProxies proxies;

  Claims(KeyGuard keys, SeatOffice seats, RequestLimits limits, TrustedProxies proxies) {
    this.keys = keys;
    this.seats = seats;
    this.limits = limits;
    this.proxies = proxies;
  }

  /** Whether a request by key must name the participant. */
  enum Participant {
    REQUIRED,
    OPTIONAL
  }

  /** Refuses a wrong key before the body is read; without a header the seat may be in the body. */
  void checkKey(HttpHeaders headers) {
    String key = headers.getHeaderString(KeyGuard.HEADER);
    if (key != null && headers.getHeaderString(HttpHeaders.AUTHORIZATION) == null) {
      keys.require(key, Scope.VIEWER);
    }
  }

  /**
   * @throws ApiException when nothing proves the claim, or the body contradicts the seat
   */
  Claim read(
      HttpServletRequest request, HttpHeaders headers, RequestBody body, Participant participant) {
    try {
      return read(headers, body, participant);
    } catch (ApiException e) {
      if (SeatOffice.isNone(e)) {
        limits.bad(proxies.client(request), request);
      }
      throw e;
    }
  }

  /**
   * Who may watch the numbers: the owner of a key that is good for it, or of a seat.
   *
   * @param body read once a key that is shown is good
   * @return {@code key:} with its name, or {@code seat:} with its admission
   * @throws ApiException when nothing proves it
   */
  String watcher(HttpServletRequest request, HttpHeaders headers, Supplier<RequestBody> body) {
    String key = headers.getHeaderString(KeyGuard.HEADER);
    String owner = null;
    if (key != null && headers.getHeaderString(HttpHeaders.AUTHORIZATION) == null) {
      owner = keys.require(key, Scope.STATS).name();
    }
    RequestBody said = body.get();
    if (owner != null && !said.has("seat")) {
      return "key:" + owner;
    }
    if (read(request, headers, said, Participant.OPTIONAL) instanceof Claim.BySeat bySeat) {
      return "seat:" + bySeat.proven().seat().admission();
    }
    throw new AssertionError("without a key, only a seat is a claim");
  }

  private Claim read(HttpHeaders headers, RequestBody body, Participant participant) {
    Optional<String> bearer = bearer(headers.getHeaderString(HttpHeaders.AUTHORIZATION));
    Optional<String> inBody = body.optional("seat", Parsed::of);
    if (bearer.isPresent() && inBody.isPresent() && !bearer.equals(inBody)) {
      throw SeatOffice.foreign(Phrase.SEATS_DIFFER);
    }
    Optional<String> seat = bearer.or(() -> inBody);
    if (seat.isPresent()) {
      return bySeat(seat.get(), body);
    }
    if (headers.getHeaderString(KeyGuard.HEADER) == null) {
      body.verify();
      throw ApiException.of(ErrorCode.UNAUTHORIZED, Phrase.SEAT_OR_KEY_NEEDED);
    }
    return byKey(body, participant);
  }

  private static Optional<String> bearer(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw SeatOffice.none(Phrase.SEAT_NOT_BEARER);
    }
    return Optional.of(header.substring(BEARER.length()).trim());
  }

  private Claim bySeat(String text, RequestBody body) {
    Proven proven = seats.read(text);
    Seat seat = proven.seat();
    agree(body, "userId", seat.user().value());
    agree(body, "stageArn", seat.stage().value());
    agree(body, "participantId", seat.participant().value());
    return new Claim.BySeat(proven);
  }

  private static void agree(RequestBody body, String field, String claimed) {
    Optional<String> said = body.optional(field, Parsed::of);
    body.verify();
    if (said.isPresent() && !said.get().equals(claimed)) {
      throw SeatOffice.foreign(Phrase.SEAT_FOR_ANOTHER.with(field));
    }
  }

  private static Claim byKey(RequestBody body, Participant participant) {
    Optional<UserId> user = body.required("userId", Ids::user);
    Optional<StageArn> stage = body.required("stageArn", Ids::stage);
    Optional<ParticipantId> participantId =
        participant == Participant.REQUIRED
            ? body.required("participantId", Ids::participant)
            : body.optional("participantId", Ids::participant);
    body.verify();
    return new Claim.ByKey(user.orElseThrow(), stage.orElseThrow(), participantId);
  }
}
