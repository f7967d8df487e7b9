package io.fullhouse.gateway.auth;

import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Instant;

/**
 * What a viewer holds: its claim to one place on one stage.
 *
 * @param issuedAt when the participant's token was made; a renewed seat keeps it, so that the age
 *     of the connection stays known
 * @param expiresAt the token's; later once renewed
 */
public record Seat(
    BroadcastId broadcast,
    UserId user,
    StageArn stage,
    ParticipantId participant,
    AdmissionId admission,
    Instant issuedAt,
    Instant expiresAt) {

  public PresenceId presence() {
    return PresenceId.of(participant, admission);
  }

  Seat until(Instant end) {
    return new Seat(broadcast, user, stage, participant, admission, issuedAt, end);
  }
}
