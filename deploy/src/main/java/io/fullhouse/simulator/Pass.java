package io.fullhouse.simulator;

import java.time.Instant;
import java.util.Map;

/**
 * What a token that was found valid lets its holder do.
 *
 * @param userId empty when the token names none
 */
record Pass(
    String stageArn,
    String participantId,
    String userId,
    Map<String, String> attributes,
    boolean mayPublish,
    boolean maySubscribe,
    Instant expiresAt) {

  /** Valid up to the second it names, as JSON Web Tokens are. */
  boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
