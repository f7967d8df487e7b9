package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.ErrorCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The answers of the error codes, each with its headers and details. Not thread-safe. */
final class Refusals {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Schemas schemas;
  private final Words words;
  private final Examples examples;
  private final Headers headers;
  private final Set<ErrorCode> shared = EnumSet.noneOf(ErrorCode.class);

  Refusals(Schemas schemas, Words words, Examples examples, Headers headers) {
    this.schemas = schemas;
    this.words = words;
    this.examples = examples;
    this.headers = headers;
  }

  /** {@code StageFull} for {@code STAGE_FULL}. */
  static String name(ErrorCode code) {
    return Arrays.stream(code.name().split("_", -1))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  /** The response components that {@link #answer} referred to. */
  ObjectNode components() {
    ObjectNode responses = JSON.objectNode();
    shared.forEach(code -> responses.set(name(code), response(List.of(code), define(code))));
    return responses;
  }

  private ObjectNode error(ErrorCode code) {
    ObjectNode error = JSON.objectNode().put("type", "object");
    ObjectNode fields = error.putObject("properties");
    fields.putObject("code").put("type", "string").put("const", code.name());
    fields.set("message", schemas.field(code.name(), "message", String.class));
    ArrayNode required = error.putArray("required").add("code").add("message");
    RefusalDetails.of(code)
        .ifPresent(
            details -> {
              ObjectNode ref = schemas.of(details);
              fields.set("details", ref);
              if (schemas.resolve(ref.get("$ref").asText()).has("required")) {
                required.add("details");
              }
            });
    return error.put("additionalProperties", false);
  }

  private ObjectNode define(ErrorCode code) {
    schemas.put(name(code), error(code));
    return Schemas.ref(name(code));
  }

  /**
   * One status's answer: whichever of these codes it is.
   *
   * @param scopes of the key that the route wants; empty for none
   */
  ObjectNode answer(List<ErrorCode> codes, Collection<String> scopes) {
    if (codes.size() > 1) {
      ObjectNode either = JSON.objectNode();
      ArrayNode kinds = either.putArray("oneOf");
      ObjectNode discriminator = either.putObject("discriminator").put("propertyName", "code");
      for (ErrorCode code : codes) {
        kinds.add(define(code));
        discriminator.withObject("/mapping").put(code.name(), Schemas.PREFIX + name(code));
      }
      return response(codes, either);
    }
    ErrorCode code = codes.get(0);
    shared.add(code);
    ObjectNode ref = JSON.objectNode().put("$ref", "#/components/responses/" + name(code));
    return code == ErrorCode.FORBIDDEN && !scopes.isEmpty()
        ? ref.put(
            "description", "The API key lacks the scope `" + String.join("` or `", scopes) + "`.")
        : ref;
  }

  /** An answer that refers to no component: also of a code that no operation has. */
  ObjectNode whole(ErrorCode code) {
    return response(List.of(code), error(code));
  }

  private ObjectNode response(List<ErrorCode> codes, ObjectNode error) {
    String description =
        codes.stream()
            .map(code -> words.describe(code.name()))
            .collect(Collectors.joining(" Or: "));
    ObjectNode response = JSON.objectNode().put("description", description);
    response.set("headers", headers.ofRefusal(codes.get(0)));
    ObjectNode content = response.withObject("/content/application~1json");
    content.set("schema", Envelopes.of(false, "error", error));
    ObjectNode shown = content.putObject("examples");
    for (ErrorCode code : codes) {
      JsonNode value = examples.of(Envelopes.of(false, "error", error(code)));
      shown.putObject(code.name()).set("value", value);
    }
    return response;
  }
}
