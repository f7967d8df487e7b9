package io.fullhouse.scaler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator wants done by hand.
 *
 * @param id of its entry, given by Redis's clock
 * @param kind empty for what only a later version knows
 * @param stage empty where it makes one; of a replication the one that is fed
 * @param name may be empty
 * @param drain whether a stage is to be emptied first
 * @param tags of a new stage
 * @param source the stage that a replication feeds it from; else empty
 * @param participant who is replicated; else empty
 * @param begun whether a scaler wrote down that it is at it
 */
record Command(
    EntryId id,
    Optional<Kind> kind,
    Optional<StageArn> stage,
    String name,
    boolean drain,
    Map<String, String> tags,
    Optional<StageArn> source,
    String participant,
    boolean begun) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is to be done. */
  enum Kind {
    CREATE,
    RENAME,
    DELETE,
    /** A stage is fed from another one. */
    REPLICATE,
    /** It is fed from none. */
    UNREPLICATE,
    /** Who is replicated to a stage; changes nothing. */
    REPLICATION,
    /** Who publishes; changes nothing. */
    PUBLISHERS
  }

  Command {
    tags = Map.copyOf(tags);
  }

  static Command of(String id, Map<String, String> fields, boolean begun) {
    return new Command(
        EntryId.parse(id),
        Arrays.stream(Kind.values())
            .filter(kind -> kind.name().equalsIgnoreCase(fields.get("op")))
            .findFirst(),
        stage(fields, "stage"),
        fields.getOrDefault("name", ""),
        "true".equals(fields.get("drain")),
        tags(fields.getOrDefault("tags", "{}")),
        stage(fields, "source"),
        fields.getOrDefault("participant", ""),
        begun);
  }

  private static Optional<StageArn> stage(Map<String, String> fields, String name) {
    return Optional.of(fields.getOrDefault(name, "")).filter(StageArn::isValid).map(StageArn::new);
  }

  private static Map<String, String> tags(String json) {
    Map<String, String> tags = new HashMap<>();
    try {
      JSON.readTree(json)
          .properties()
          .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    } catch (JsonProcessingException e) {
      tags.clear(); // the gateway wrote it; by hand somebody may write anything
    }
    return tags;
  }

  /** For the log. */
  String what() {
    return kind.map(Kind::name).orElse("unknown");
  }

  /** Whether it only asks for what is, and changes nothing. */
  boolean onlyLooks() {
    return kind.filter(it -> it == Kind.REPLICATION || it == Kind.PUBLISHERS).isPresent();
  }

  Instant asked() {
    return Instant.ofEpochMilli(id.millis());
  }

  /** Which the stage that it makes carries as a tag: it is made once, whoever is killed. */
  String request() {
    return "command-" + id;
  }
}
