package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An account as its file holds it. What does not have exactly this shape is refused: what was
 * passed over would be gone with the next change.
 *
 * @param limits as {@link LimitSettings#apply} takes them
 */
record KeptAccount(TokenSeal seal, List<Stage> stages, List<PublicKey> keys, ObjectNode limits) {
  private static final int VERSION = 1;
  private static final Set<String> MEMBERS =
      Set.of("version", "secret", "stages", "publicKeys", "limits");
  private static final Set<String> STAGE = Set.of("arn", "name", "tags", "createdAt");
  private static final Set<String> KEY = Set.of("arn", "name", "tags", "publicKeyMaterial");

  ObjectNode toJson() {
    ObjectNode json = Json.object().put("version", VERSION);
    json.put("secret", Base64.getEncoder().encodeToString(seal.secret()));
    ArrayNode allStages = json.putArray("stages");
    stages.forEach(
        it -> allStages.add(toJson(it, it.name()).put("createdAt", it.createdAt().toString())));
    ArrayNode allKeys = json.putArray("publicKeys");
    keys.forEach(
        it -> allKeys.add(toJson(it, it.name()).put("publicKeyMaterial", it.key().material())));
    json.set("limits", limits);
    return json;
  }

  private static ObjectNode toJson(Resource resource, String name) {
    ObjectNode json = Json.object().put("arn", resource.arn()).put("name", name);
    json.set("tags", Json.object(resource.tags()));
    return json;
  }

  /**
   * Reads what {@link #toJson} made.
   *
   * @param arnPrefix of everything in this account
   * @throws Refusal when it is something else, or of another account or Region
   */
  static KeptAccount read(JsonNode json, String arnPrefix) {
    if (json.path("version").asInt() != VERSION) {
      throw Input.invalid("version", "must be " + VERSION);
    }
    Input input = exactly(Input.of(json), MEMBERS);
    if (!(json.get("limits") instanceof ObjectNode limits)) {
      throw Input.invalid("limits", "must be an object");
    }
    KeptAccount kept =
        new KeptAccount(
            seal(input),
            input.objects("stages", Integer.MAX_VALUE).stream().map(KeptAccount::stage).toList(),
            input.objects("publicKeys", Integer.MAX_VALUE).stream().map(KeptAccount::key).toList(),
            limits);
    Set<String> seen = new HashSet<>();
    kept.stages.forEach(it -> check(it, arnPrefix, seen));
    kept.keys.forEach(it -> check(it, arnPrefix, seen));
    return kept;
  }

  private static TokenSeal seal(Input input) {
    try {
      return new TokenSeal(Base64.getDecoder().decode(input.required("secret", TextRule.ANY)));
    } catch (IllegalArgumentException e) {
      throw Input.invalid("secret", "must be the secret of a seal");
    }
  }

  private static Stage stage(Input input) {
    exactly(input, STAGE);
    return new Stage(
        input.required("arn", TextRule.STAGE_ARN),
        input.required("name", TextRule.NAME),
        Tags.read(input),
        instant(input));
  }

  private static Instant instant(Input input) {
    try {
      return Instant.parse(input.required("createdAt", TextRule.ANY));
    } catch (DateTimeParseException e) {
      throw Input.invalid(input.pathOf("createdAt"), "must be a time");
    }
  }

  private static PublicKey key(Input input) {
    exactly(input, KEY);
    String material = input.required("publicKeyMaterial", TextRule.ANY);
    return new PublicKey(
        input.required("arn", TextRule.PUBLIC_KEY_ARN),
        input.required("name", TextRule.NAME),
        P384PublicKey.read(input.pathOf("publicKeyMaterial"), material),
        Tags.read(input));
  }

  private static Input exactly(Input input, Set<String> members) {
    if (!input.members().equals(members)) {
      throw Input.invalid(input.pathOf("*"), "must be these: " + members);
    }
    return input;
  }

  private static void check(Resource resource, String arnPrefix, Set<String> seen) {
    if (!resource.arn().startsWith(arnPrefix)) {
      throw Input.invalid("arn", "must begin with " + arnPrefix + ", not be " + resource.arn());
    }
    if (!seen.add(resource.arn())) {
      throw Input.invalid("arn", "must not be there twice: " + resource.arn());
    }
  }
}
