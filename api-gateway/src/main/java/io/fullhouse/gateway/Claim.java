package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.SeatOffice.Proven;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PresenceId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.util.Optional;

/** Whom a request speaks for, and what proves it. */
sealed interface Claim {
  /** The viewer itself: its seat proves the admission. */
  record BySeat(Proven proven) implements Claim {}

  /**
   * The application's own backend: its key proves that it may speak for its users.
   *
   * @param participant empty from the oldest clients
   */
  record ByKey(UserId user, StageArn stage, Optional<ParticipantId> participant) implements Claim {
    PresenceId presence() {
      return new PresenceId(participant.map(ParticipantId::value).orElse(""), "");
    }
  }
}
