package io.fullhouse.gateway.ivs;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;

/** Why there is no token, as the contract says it. */
final class TokenRefusals {
  private TokenRefusals() {}

  /** Everything that gives tokens is taken for a while. */
  static ApiException budgetSpent() {
    return ApiException.retry(
        ErrorCode.SERVICE_UNAVAILABLE,
        "TOKEN_BUDGET",
        Phrase.TOKEN_BUDGET_SPENT,
        RetryAfter.around(4));
  }

  static ApiException failed(Message message) {
    return ApiException.of(ErrorCode.TOKEN_GENERATION_FAILED, message);
  }
}
