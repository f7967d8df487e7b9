package io.fullhouse.simulator;

/**
 * Why a client does not get onto a stage: the error codes of the IVS Web Broadcast SDK ({@code
 * StageErrorCode}), which the steering gives as {@code code}.
 */
enum JoinError {
  TOKEN_MALFORMED,
  TOKEN_EXPIRED,
  STAGE_AT_CAPACITY,
  TOKEN_NOT_ALLOWED,
  STAGE_DELETED,
  PARTICIPANT_DISCONNECTED;

  Refusal because(String message) {
    return new Refusal(new AwsError(name(), 400, message));
  }
}
