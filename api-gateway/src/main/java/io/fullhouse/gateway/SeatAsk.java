package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.Locale;
import java.util.Optional;

/**
 * One call of {@code seat.lua}.
 *
 * @param presence the participant is empty while there is no token yet; the admission is empty when
 *     a client without a seat is looked for
 * @param nonce names the reservation, so that its maker alone can give it back
 * @param needsLive refuse while nobody publishes
 * @param proven a seat proved the admission
 */
record SeatAsk(
    Why why,
    UserId user,
    PresenceId presence,
    Place place,
    String nonce,
    boolean needsLive,
    boolean proven,
    String requestId) {

  /** What a seat is wanted for. */
  enum Why {
    /** By key: a new admission, which supersedes the user's older ones. */
    JOIN,
    /** By seat: the same admission goes on, perhaps elsewhere. */
    REJOIN,
    /** Likewise, but only a place beside the one that the seat is for. */
    OFFER,
    /** A heartbeat found nobody where it says. */
    HEAL;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Where.
   *
   * @param only this stage or none
   * @param prefer this stage if it has a seat
   * @param avoid not this stage
   * @param bound the stage that the participant's token is for; empty if it is made afterwards
   */
  record Place(
      Optional<StageArn> only,
      Optional<StageArn> prefer,
      Optional<StageArn> avoid,
      Optional<StageArn> bound) {

    /** Any stage. */
    static final Place ANY =
        new Place(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The stage that a viewer is on already, or has a token for. */
    static Place exactly(StageArn stage) {
      return new Place(Optional.of(stage), Optional.empty(), Optional.empty(), Optional.of(stage));
    }

    static Place preferring(StageArn stage) {
      return new Place(Optional.empty(), Optional.of(stage), Optional.empty(), Optional.empty());
    }

    static Place avoiding(StageArn stage) {
      return new Place(Optional.empty(), Optional.empty(), Optional.of(stage), Optional.empty());
    }

    Place boundTo(StageArn stage) {
      return new Place(only, prefer, avoid, Optional.of(stage));
    }
  }

  /** A new presence. The seat is held until its token has come. */
  static SeatAsk join(UserId user, Place place, boolean needsLive, String requestId) {
    PresenceId presence = new PresenceId("", AdmissionId.random().value());
    return new SeatAsk(Why.JOIN, user, presence, place, newNonce(), needsLive, false, requestId);
  }

  /**
   * The same presence once more.
   *
   * @param newToken the viewer's own token no longer serves
   */
  static SeatAsk rejoin(Seat seat, boolean avoid, boolean newToken, String requestId) {
    Place place = avoid ? Place.avoiding(seat.stage()) : Place.preferring(seat.stage());
    PresenceId presence = newToken ? new PresenceId("", seat.admission().value()) : seat.presence();
    return new SeatAsk(
        Why.REJOIN,
        seat.user(),
        presence,
        place.boundTo(seat.stage()),
        newNonce(),
        false, // who was seated may come back while the publisher is away
        true,
        requestId);
  }

  /**
   * A place beside the one that the viewer has, on another stage.
   *
   * @param offered the participant in whose name one is held already
   */
  static SeatAsk move(Seat seat, Optional<String> offered, String requestId) {
    return new SeatAsk(
        Why.OFFER,
        seat.user(),
        new PresenceId("", seat.admission().value()),
        Place.avoiding(seat.stage()).boundTo(seat.stage()),
        offered.orElseGet(SeatAsk::newNonce),
        false,
        true,
        requestId);
  }

  /** The held place is this participant's: its heartbeat takes it. */
  SeatAsk inTheNameOf(ParticipantId participant, StageArn held) {
    return new SeatAsk(
        why,
        user,
        presence,
        new Place(Optional.of(held), Optional.empty(), Optional.empty(), place.bound()),
        participant.value(),
        needsLive,
        proven,
        requestId);
  }

  /** A viewer whose seat is proven was not found where it is. */
  static SeatAsk heal(Seat seat, String requestId) {
    return new SeatAsk(
        Why.HEAL,
        seat.user(),
        seat.presence(),
        Place.exactly(seat.stage()),
        newNonce(),
        false,
        true,
        requestId);
  }

  /** Looks for a viewer whom nothing but an API key vouches for: takes no seat. */
  static SeatAsk find(Claim.ByKey claim, String requestId) {
    return new SeatAsk(
        Why.HEAL,
        claim.user(),
        claim.presence(),
        Place.exactly(claim.stage()),
        newNonce(),
        false,
        false,
        requestId);
  }

  /** The second call, when the token for the held stage has come. */
  SeatAsk withToken(ParticipantId token, StageArn held) {
    return new SeatAsk(
        why,
        user,
        new PresenceId(token.value(), presence.admission()),
        Place.exactly(held),
        nonce,
        false, // it was live when the seat was held
        proven,
        requestId);
  }

  /** A new presence, whose participant is ours to name, is seated at once. */
  SeatAsk naming(ParticipantId participant) {
    return new SeatAsk(
        why,
        user,
        new PresenceId(participant.value(), presence.admission()),
        place, // bound to none: the token is made for whichever stage it is
        nonce,
        needsLive,
        proven,
        requestId);
  }

  private static String newNonce() {
    return AdmissionId.random().value();
  }
}
