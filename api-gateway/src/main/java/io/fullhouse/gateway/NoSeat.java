package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;

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
      case "MAX_STAGES" -> hard("MAX_STAGES", Phrase.FULL_AT_MAX_STAGES);
      case "STAGE_QUOTA" -> hard("MAX_STAGES", Phrase.FULL_AT_STAGE_QUOTA);
      case "HOLD" -> hard("MAX_STAGES", Phrase.FULL_WHILE_HELD);
      case "REPLICA_LIMIT" -> hard("REPLICA_LIMIT", Phrase.FULL_AT_REPLICA_LIMIT);
      case "SUBSCRIPTION_QUOTA" -> hard("SUBSCRIPTION_QUOTA", Phrase.FULL_AT_SUBSCRIPTION_QUOTA);
      default -> soon("OPENING", Phrase.FULL);
    };
  }

  static ApiException recovering() {
    return soon("RECOVERING", Phrase.NO_STAGE_OPEN);
  }

  /**
   * @param said by the operator, as stored
   */
  static ApiException shut(String said) {
    return hard(
        "DOORS_CLOSED",
        ClosedDoors.of(said)
            .message()
            .<Message>map(Message.Quoted::new)
            .orElse(Phrase.DOORS_CLOSED));
  }

  private static ApiException soon(String reason, Message message) {
    return ApiException.retry(ErrorCode.STAGE_FULL, reason, message, RetryAfter.OPENING);
  }

  private static ApiException hard(String reason, Message message) {
    return ApiException.retry(ErrorCode.STAGE_FULL, reason, message, RetryAfter.AT_LEISURE);
  }
}
