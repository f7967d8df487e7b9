package io.fullhouse.gateway.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Message;
import java.time.Instant;
import java.util.Map;

/**
 * An answer that is no success, ready to be put into the language of whoever asked. Immutable.
 *
 * @param headers that go with it
 */
record Refusal(
    int status,
    Map<String, String> headers,
    ErrorCode code,
    Message message,
    Map<String, Object> details,
    Instant at) {

  /** What is sent. Codes, details and ids are the same in each language. */
  Envelope.Failure in(Language language) {
    Envelope.Problem problem =
        new Envelope.Problem(code.name(), message.in(language), details.isEmpty() ? null : details);
    return new Envelope.Failure(false, problem, Timestamps.of(at));
  }

  /** Where nobody knows who asked. */
  @JsonValue
  Envelope.Failure inEnglish() {
    return in(Language.ENGLISH);
  }
}
