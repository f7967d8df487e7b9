package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RequestId;
import java.util.ArrayList;
import java.util.List;

/** The headers of the answers: what they are, and which an answer has. */
final class Headers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String RETRY_AFTER = "Retry-After";
  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String TAG = "ETag";
  private static final String LANGUAGE = "Content-Language";
  private static final List<String> QUOTA =
      List.of("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset");

  private final Schemas schemas;

  Headers(Schemas schemas) {
    this.schemas = schemas;
  }

  /** The components that answers refer to. */
  ObjectNode components() {
    ObjectNode all = JSON.objectNode();
    for (String name : List.of(RequestId.NAME, LANGUAGE, RETRY_AFTER, CHALLENGE, TAG)) {
      all.set(name, header(name, true));
    }
    QUOTA.forEach(name -> all.set(name, header(name, false)));
    return all;
  }

  private ObjectNode header(String name, boolean always) {
    ObjectNode schema = schemas.field("Header", name, String.class);
    ObjectNode header = JSON.objectNode();
    header.set("description", schema.remove("description"));
    header.put("required", always);
    header.set("schema", schema);
    return header;
  }

  private static ObjectNode refer(List<String> names) {
    ObjectNode headers = JSON.objectNode();
    names.forEach(name -> headers.putObject(name).put("$ref", "#/components/headers/" + name));
    return headers;
  }

  /**
   * @param limited whether the route is under a rate limit
   */
  ObjectNode ofSuccess(boolean limited) {
    List<String> names = new ArrayList<>(List.of(RequestId.NAME, LANGUAGE));
    names.addAll(limited ? QUOTA : List.of());
    return refer(names);
  }

  /** Likewise; events are in no language. */
  ObjectNode ofStream(boolean limited) {
    ObjectNode headers = ofSuccess(limited);
    headers.remove(LANGUAGE);
    return headers;
  }

  ObjectNode ofFile() {
    return refer(List.of(RequestId.NAME, TAG));
  }

  ObjectNode ofRefusal(ErrorCode code) {
    List<String> names = new ArrayList<>(List.of(RequestId.NAME, LANGUAGE));
    names.addAll(QUOTA); // whatever else a limited route refuses
    return switch (code) {
      case TOO_MANY_REQUESTS, STAGE_FULL, STAGE_LIMIT_REACHED, SERVICE_UNAVAILABLE -> {
        names.add(RETRY_AFTER);
        yield refer(names);
      }
      case UNAUTHORIZED -> {
        names.add(CHALLENGE);
        yield refer(names);
      }
      // Each where it is alone, so here rather than among the components.
      case NOT_FOUND -> refer(names).set(RETRY_AFTER, header(RETRY_AFTER, false));
      case METHOD_NOT_ALLOWED -> refer(names).set("Allow", header("Allow", true));
      case VALIDATION_ERROR,
          FORBIDDEN,
          PAYLOAD_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          INTERNAL_ERROR,
          TOKEN_GENERATION_FAILED ->
          refer(names);
    };
  }
}
