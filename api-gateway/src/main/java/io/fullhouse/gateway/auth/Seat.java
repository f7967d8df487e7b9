package io.fullhouse.gateway.auth;

import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a viewer holds: its claim to one place on one stage.
 *
 * @param issuedAt when the participant's first token was made; a renewed seat and one with a
 *     refreshed token keep it, so that the age of the connection stays known
 * @param expiresAt the token's; later once renewed
 * @param tokenEnd when the newest token expires that the viewer was given
 * @param attributes of the token, for the next one
 */
public record Seat(
    BroadcastId broadcast,
    UserId user,
    StageArn stage,
    ParticipantId participant,
    AdmissionId admission,
    Instant issuedAt,
    Instant expiresAt,
    Instant tokenEnd,
    Map<String, String> attributes) {
  public Seat {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  public PresenceId presence() {
    return PresenceId.of(participant, admission);
  }

  Seat until(Instant end) {
    return new Seat(
        broadcast, user, stage, participant, admission, issuedAt, end, tokenEnd, attributes);
  }

  Seat withoutAttributes() {
    return new Seat(
        broadcast, user, stage, participant, admission, issuedAt, expiresAt, tokenEnd, Map.of());
  }

  /** The same place with a later token. */
  public Seat with(ParticipantId newest, Instant end) {
    return new Seat(broadcast, user, stage, newest, admission, issuedAt, end, end, attributes);
  }
}
