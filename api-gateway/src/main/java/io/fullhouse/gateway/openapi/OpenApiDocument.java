package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the OpenAPI 3.1 document of the routes there are: the same for every gateway of a version,
 * however it is configured. For one use.
 */
public final class OpenApiDocument {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What may be answered to requests that the document does not know. */
  private static final List<ErrorCode> ELSEWHERE =
      List.of(
          ErrorCode.VALIDATION_ERROR,
          ErrorCode.NOT_FOUND,
          ErrorCode.METHOD_NOT_ALLOWED,
          ErrorCode.PAYLOAD_TOO_LARGE,
          ErrorCode.UNSUPPORTED_MEDIA_TYPE);

  private final Words words = Words.load();
  private final Schemas schemas = new Schemas(words);
  private final Examples examples = new Examples(schemas);
  private final Headers headers = new Headers(schemas);
  private final Refusals refusals = new Refusals(schemas, words, examples, headers);
  private final OperationWriter operations =
      new OperationWriter(schemas, refusals, examples, headers);

  /**
   * Makes it.
   *
   * @param version of the software
   * @throws IllegalStateException when the dictionary lacks a word, or has one that nobody uses
   */
  public ObjectNode of(List<Route> routes, String version) {
    schemas.put("Timestamp", schemas.field("Envelope", "timestamp", String.class));
    ObjectNode document = JSON.objectNode().put("openapi", "3.1.0");
    JsonNode frame = Words.read("frame.yaml");
    document.set("info", ((ObjectNode) frame.get("info").deepCopy()).put("version", version));
    document.set("servers", frame.get("servers"));
    Set<String> tags = new HashSet<>();
    ObjectNode paths = JSON.objectNode();
    for (Route route : routes) {
      Operation said = route.method().getAnnotation(Operation.class);
      if (said != null) {
        tags.add(route.tag());
        ObjectNode path =
            paths.withObject("/" + route.path().replace("~", "~0").replace("/", "~1"));
        path.set(route.verb().toLowerCase(Locale.ROOT), operations.of(route, said));
      }
    }
    ArrayNode tagList = document.putArray("tags");
    for (String tag : words.tags(tags)) {
      tagList.addObject().put("name", tag).put("description", words.describe(Words.TAG + tag));
    }
    document.set("paths", paths);
    document.set("x-walk", new Walk(paths).lay());
    ObjectNode responses = refusals.components();
    ObjectNode components = document.putObject("components");
    schemas.components().forEach(components.putObject("schemas")::set);
    components.set("responses", responses);
    components.set("headers", headers.components());
    components.set("parameters", operations.parameters());
    components.set("securitySchemes", frame.get("securitySchemes"));
    ObjectNode elsewhere = document.putObject("x-refusals-elsewhere");
    for (ErrorCode code : ELSEWHERE) {
      elsewhere.set(String.valueOf(code.status()), refusals.whole(code));
    }
    words.allUsed();
    return document;
  }
}
