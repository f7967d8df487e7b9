package io.fullhouse.scaler;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.StageArn;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
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
  private static final String BY_HAND = "fullhouse:byHand";
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

  /** Of a stage that an operator wants, which may have tags of its own. */
  Map<String, String> byHand(String request, Instant now, Map<String, String> more) {
    Map<String, String> tags = new HashMap<>(more);
    tags.putAll(of(request, now));
    tags.put(BY_HAND, "true");
    return tags;
  }

  /** Whether an operator wanted the stage: then only an operator closes it. */
  static boolean isByHand(Map<String, String> tags) {
    return "true".equals(tags.get(BY_HAND));
  }

  /** An operator's own tags of such a stage. */
  static Map<String, String> operators(Map<String, String> tags) {
    if (!isByHand(tags)) {
      return Map.of();
    }
    Map<String, String> own = new HashMap<>(tags);
    own.keySet().removeIf(name -> name.startsWith("fullhouse:"));
    return own;
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
