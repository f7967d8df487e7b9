package io.fullhouse.scaler;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.StageArn;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How the stages of this broadcast are told from everybody else's: a stage without these tags is
 * never touched. Immutable and thread-safe.
 *
 * <p>The master stage names the deployment: two deployments of one account may call their
 * broadcasts alike, but share no master.
 */
final class OwnerTags {
  static final String REQUEST = "fullhouse:request";
  private static final String BROADCAST = "fullhouse:broadcast";
  private static final String MASTER = "fullhouse:master";
  private static final String CREATED_AT = "fullhouse:createdAt";
  private static final int REQUEST_BYTES = 8;

  private final SecureRandom random = new SecureRandom();
  private final Broadcast broadcast;
  private final StageArn master;

  OwnerTags(Broadcast broadcast, StageArn master) {
    this.broadcast = broadcast;
    this.master = master;
  }

  String newRequest() {
    byte[] bytes = new byte[REQUEST_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** For people: IVS does not ask for unique names. */
  String stageName(String request) {
    return broadcast.id().value() + "-" + request;
  }

  Map<String, String> of(String request, Instant now) {
    return Map.of(
        BROADCAST,
        broadcast.id().value(),
        MASTER,
        master.id(),
        REQUEST,
        request,
        CREATED_AT,
        now.toString());
  }

  /** Whether this broadcast's scaler made the stage. */
  boolean own(Map<String, String> tags) {
    return broadcast.id().value().equals(tags.get(BROADCAST))
        && master.id().equals(tags.get(MASTER));
  }

  /** When the stage was asked for; empty when somebody changed the tag. */
  static Optional<Instant> createdAt(Map<String, String> tags) {
    try {
      return Optional.of(Instant.parse(tags.getOrDefault(CREATED_AT, "")));
    } catch (java.time.DateTimeException e) {
      return Optional.empty();
    }
  }
}
