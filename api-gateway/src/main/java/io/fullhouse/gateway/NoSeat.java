package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;

/**
 * Why nobody is seated now, and when to ask again: soon while a stage opens, late when nothing will
 * change by itself.
 */
final class NoSeat {
  private NoSeat() {}

  /**
   * @param limit what the scaler says keeps it from opening a further stage; empty when one may be
   *     on its way
   */
  static ApiException full(String limit) {
    return switch (limit) {
      case "MAX_STAGES" -> hard("MAX_STAGES", "Every seat of every stage allowed is taken");
      case "STAGE_QUOTA" ->
          hard("MAX_STAGES", "Every seat is taken; the account has no more stages");
      case "HOLD" -> hard("MAX_STAGES", "Every seat is taken; an operator holds the scaler");
      case "REPLICA_LIMIT" ->
          hard("REPLICA_LIMIT", "Every seat is taken; the publisher can be on no further stage");
      case "SUBSCRIPTION_QUOTA" ->
          hard("SUBSCRIPTION_QUOTA", "Every seat is taken that the account's quota allows");
      default -> soon("OPENING", "Every seat is taken");
    };
  }

  static ApiException recovering() {
    return soon("RECOVERING", "No stage is open yet");
  }

  /**
   * @param said by the operator, as stored
   */
  static ApiException shut(String said) {
    return hard("DOORS_CLOSED", ClosedDoors.of(said).message().orElse("The doors are closed"));
  }

  private static ApiException soon(String reason, String message) {
    return ApiException.retry(ErrorCode.STAGE_FULL, reason, message, RetryAfter.OPENING);
  }

  private static ApiException hard(String reason, String message) {
    return ApiException.retry(ErrorCode.STAGE_FULL, reason, message, RetryAfter.AT_LEISURE);
  }
}
