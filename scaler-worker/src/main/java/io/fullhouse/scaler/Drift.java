package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What one comparison of all stages with IVS found and did.
 *
 * @param at when it was through
 * @param stages that were compared
 * @param skipped stages of which IVS did not tell everything
 * @param oursOnly viewers whom IVS lacks
 * @param ivsOnly viewers whom we lack
 * @param ended presences of those whom IVS lacks
 * @param disconnected of those whom we lack
 */
record Drift(
    Instant at,
    int stages,
    int skipped,
    long oursOnly,
    long ivsOnly,
    long ended,
    long disconnected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whether there was a difference. */
  boolean found() {
    return oursOnly + ivsOnly > 0;
  }

  ObjectNode toJson() {
    return JSON.createObjectNode()
        .put("at", at.toString())
        .put("stages", stages)
        .put("skipped", skipped)
        .put("oursOnly", oursOnly)
        .put("ivsOnly", ivsOnly)
        .put("ended", ended)
        .put("disconnected", disconnected);
  }
}
