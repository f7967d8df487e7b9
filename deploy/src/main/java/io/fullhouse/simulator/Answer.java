package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param headers all but Content-Length
 */
record Answer(int status, Map<String, String> headers, String body) {
  /** An answer in plain JSON, as steering gives it. */
  static Answer json(int status, JsonNode body) {
    return new Answer(status, Map.of("Content-Type", "application/json"), Json.write(body));
  }
}
