package io.fullhouse.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the scaler writes about a stage, and the gateway shows.
 *
 * @param name IVS's name of the stage; not unique
 * @param autoScaled false for the master and for stages that an operator made
 * @param createdAt when the scaler first knew the stage: IVS does not say when it was made
 * @param state {@link #CREATING}, {@link #ACTIVE}, {@link #DRAINING} or {@link #DELETING}; more may
 *     come
 * @param capacity seats
 * @param endpoints as IVS last told them, if it ever did
 * @param parentStage the stage whose publisher is replicated here; empty for one with its own
 * @param since when the state began
 * @param reason for the state, for people; empty for none
 * @param tags that an operator gave a stage of its own making
 */
public record StageMetadata(
    String name,
    StageArn arn,
    boolean autoScaled,
    Instant createdAt,
    String state,
    int capacity,
    Optional<Endpoints> endpoints,
    Optional<StageArn> parentStage,
    Instant since,
    String reason,
    Map<String, String> tags) {
  /** There is a stage, and it takes nobody yet: the publisher is not on it. */
  public static final String CREATING = "creating";

  /** Takes viewers. */
  public static final String ACTIVE = "active";

  /** Takes nobody new; its viewers are offered another stage. */
  public static final String DRAINING = "draining";

  /** Nobody is on it; IVS is asked to delete it. */
  public static final String DELETING = "deleting";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Where clients of the stage connect. Self-signed tokens carry them.
   *
   * @param events for subscribers and browsers
   * @param whip for WHIP publishers
   * @param fetchedAt IVS allows them to be kept for 14 days (self-signed tokens, IVS Real-Time user
   *     guide)
   */
  public record Endpoints(String events, String whip, Instant fetchedAt) {}

  /** A stage to which no operator gave tags. */
  public StageMetadata(
      String name,
      StageArn arn,
      boolean autoScaled,
      Instant createdAt,
      String state,
      int capacity,
      Optional<Endpoints> endpoints,
      Optional<StageArn> parentStage,
      Instant since,
      String reason) {
    this(
        name,
        arn,
        autoScaled,
        createdAt,
        state,
        capacity,
        endpoints,
        parentStage,
        since,
        reason,
        Map.of());
  }

  /** A stage with a publisher of its own, in one state since it was made. */
  public StageMetadata(
      String name,
      StageArn arn,
      boolean autoScaled,
      Instant createdAt,
      String state,
      int capacity,
      Optional<Endpoints> endpoints) {
    this(
        name,
        arn,
        autoScaled,
        createdAt,
        state,
        capacity,
        endpoints,
        Optional.empty(),
        createdAt,
        "");
  }

  public StageMetadata {
    tags = Map.copyOf(tags);
  }

  /** The same stage in another state from now on. */
  public StageMetadata in(String newState, Instant now, String why) {
    return with(name, newState, parentStage, now, why);
  }

  /** The same stage by another name. */
  public StageMetadata named(String newName) {
    return with(newName, state, parentStage, since, reason);
  }

  /** The same stage, with another one's publisher on it. */
  public StageMetadata fedFrom(StageArn source) {
    return with(name, state, Optional.of(source), since, reason);
  }

  /** The same stage, with no other's publisher on it. */
  public StageMetadata unfed() {
    return with(name, state, Optional.empty(), since, reason);
  }

  private StageMetadata with(
      String newName, String newState, Optional<StageArn> parent, Instant newSince, String why) {
    return new StageMetadata(
        newName,
        arn,
        autoScaled,
        createdAt,
        newState,
        capacity,
        endpoints,
        parent,
        newSince,
        why,
        tags);
  }

  /** The value of {@code RedisKeys.stageMetadata}. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", name);
    json.put("arn", arn.value());
    json.put("autoScaled", autoScaled);
    json.put("createdAt", createdAt.toString());
    json.put("state", state);
    json.put("capacity", capacity);
    parentStage.ifPresent(parent -> json.put("parentStage", parent.value()));
    json.put("since", since.toString());
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    if (!tags.isEmpty()) {
      ObjectNode given = json.putObject("tags");
      tags.forEach(given::put);
    }
    endpoints.ifPresent(
        known -> {
          json.putObject("endpoints").put("events", known.events()).put("whip", known.whip());
          json.put("endpointsFetchedAt", known.fetchedAt().toString());
        });
    return json.toString();
  }

  /**
   * Reads what {@link #toJson} wrote, and what other versions add to it.
   *
   * @return empty when somebody damaged it; then it is as if there were none
   */
  public static Optional<StageMetadata> fromJson(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json == null || !json.isObject()) {
        return Optional.empty();
      }
      String createdAt = json.path("createdAt").asText("");
      return Optional.of(
          new StageMetadata(
              json.path("name").asText(""),
              new StageArn(json.path("arn").asText("")),
              json.path("autoScaled").asBoolean(false),
              Instant.parse(createdAt),
              json.path("state").asText(ACTIVE),
              json.path("capacity").asInt(0),
              endpoints(json),
              Optional.of(json.path("parentStage").asText(""))
                  .filter(StageArn::isValid)
                  .map(StageArn::new),
              Instant.parse(json.path("since").asText(createdAt)),
              json.path("reason").asText(""),
              tags(json)));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> tags(JsonNode json) {
    Map<String, String> tags = new HashMap<>();
    json.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return tags;
  }

  private static Optional<Endpoints> endpoints(JsonNode json) {
    String events = json.path("endpoints").path("events").asText("");
    String whip = json.path("endpoints").path("whip").asText("");
    String fetchedAt = json.path("endpointsFetchedAt").asText("");
    if (events.isEmpty() || whip.isEmpty() || fetchedAt.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Endpoints(events, whip, Instant.parse(fetchedAt)));
  }
}
