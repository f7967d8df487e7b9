package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RequestId;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The document's operations: one route each. Not thread-safe. */
final class OperationWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Headers that every operation takes. */
  private static final List<String> SHARED = List.of(RequestId.NAME, HttpHeaders.ACCEPT_LANGUAGE);

  private final Schemas schemas;
  private final Refusals refusals;
  private final Examples examples;
  private final Headers headers;

  OperationWriter(Schemas schemas, Refusals refusals, Examples examples, Headers headers) {
    this.schemas = schemas;
    this.refusals = refusals;
    this.examples = examples;
    this.headers = headers;
  }

  ObjectNode of(Route route, Operation said) {
    ObjectNode operation = JSON.objectNode();
    operation.putArray("tags").add(route.tag());
    operation.put("operationId", route.operationId());
    operation.put("summary", said.value());
    List<String> scopes = scopes(route.method());
    ArrayNode security = security(scopes, said.proof());
    if (takesTicket(route.method())) {
      security.addObject().putArray("ticket");
    }
    operation.set("security", security);
    operation.set("parameters", parameters(route));
    if (said.body() != Void.class) {
      operation.set("requestBody", body(route.method(), said.body()));
    }
    Set<ErrorCode> codes = codes(route.method(), said);
    ObjectNode responses = operation.putObject("responses");
    responses.set(
        String.valueOf(said.status()), success(said, codes.contains(ErrorCode.TOO_MANY_REQUESTS)));
    if (isFile(said)) {
      ObjectNode same =
          responses
              .putObject("304")
              .put("description", "The client has it: its `If-None-Match` names it.");
      same.set("headers", headers.ofFile());
    }
    byStatus(codes)
        .forEach(
            (status, these) ->
                responses.set(String.valueOf(status), refusals.answer(these, scopes)));
    return operation;
  }

  private static boolean isFile(Operation said) {
    return !said.type().isEmpty() && !said.type().equals(MediaType.SERVER_SENT_EVENTS);
  }

  private static Map<Integer, List<ErrorCode>> byStatus(Set<ErrorCode> codes) {
    Map<Integer, List<ErrorCode>> byStatus = new TreeMap<>();
    codes.forEach(
        code -> byStatus.computeIfAbsent(code.status(), x -> new ArrayList<>()).add(code));
    return byStatus;
  }

  /** What follows from the annotations and the body, and what is said beyond. */
  private static Set<ErrorCode> codes(Method method, Operation said) {
    Set<ErrorCode> codes = EnumSet.of(ErrorCode.VALIDATION_ERROR, ErrorCode.INTERNAL_ERROR);
    codes.addAll(Arrays.asList(said.refuses()));
    if (method.isAnnotationPresent(Needs.class)) {
      codes.add(ErrorCode.UNAUTHORIZED);
      codes.add(ErrorCode.FORBIDDEN);
      codes.add(ErrorCode.SERVICE_UNAVAILABLE); // no route with a key does without Redis
      if (method.isAnnotationPresent(GET.class)) { // see ReadLimit
        codes.add(ErrorCode.TOO_MANY_REQUESTS);
      }
    }
    if (said.body() != Void.class) {
      codes.add(ErrorCode.PAYLOAD_TOO_LARGE);
      codes.add(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }
    return codes;
  }

  private static List<String> scopes(Method method) {
    Needs needs = method.getAnnotation(Needs.class);
    return needs == null ? List.of() : Arrays.stream(needs.value()).map(Scope::wireName).toList();
  }

  private static boolean takesTicket(Method method) {
    Needs needs = method.getAnnotation(Needs.class);
    return needs != null && needs.orTicket();
  }

  /** Alternatives; the roles of a scheme are the scopes that its key needs. */
  private static ArrayNode security(List<String> scopes, Proof proof) {
    ArrayNode ways = JSON.arrayNode();
    scopes.forEach(scope -> ways.addObject().putArray("apiKey").add(scope));
    switch (proof) {
      case NONE -> {}
      case INTERNAL_SECRET -> ways.addObject().putArray("internalSecret");
      case SEAT -> orSeat(ways, Scope.VIEWER);
      case SEAT_OR_STATS_KEY -> orSeat(ways, Scope.STATS);
    }
    return ways;
  }

  private static void orSeat(ArrayNode ways, Scope scope) {
    ways.addObject().putArray("seat");
    ways.addObject().putArray("apiKey").add(scope.wireName());
    ways.addObject(); // a seat in the body
  }

  private ArrayNode parameters(Route route) {
    ArrayNode all = JSON.arrayNode();
    SHARED.forEach(name -> all.addObject().put("$ref", "#/components/parameters/" + name));
    for (Parameter parameter : route.method().getParameters()) {
      for (var annotation : parameter.getAnnotations()) {
        if (annotation instanceof PathParam path) {
          all.add(parameter(route, parameter, "path", path.value()));
        } else if (annotation instanceof QueryParam query) {
          all.add(parameter(route, parameter, "query", query.value()));
        } else if (annotation instanceof HeaderParam header) {
          all.add(parameter(route, parameter, "header", header.value()));
        }
      }
    }
    return all;
  }

  private ObjectNode parameter(Route route, Parameter parameter, String in, String name) {
    ObjectNode schema = schemas.parameter(route.operationId(), name);
    JsonNode wanted = schema.remove("required"); // of some the resource says so itself
    boolean optional =
        parameter.isAnnotationPresent(DefaultValue.class)
            || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
    ObjectNode said = JSON.objectNode().put("name", name).put("in", in);
    said.set("description", schema.remove("description"));
    said.put("required", wanted != null || !optional);
    said.set("schema", schema);
    return said;
  }

  /** Those that every operation has. */
  ObjectNode parameters() {
    ObjectNode all = JSON.objectNode();
    for (String name : SHARED) {
      ObjectNode schema = schemas.field("Parameter", name, String.class);
      ObjectNode said = all.putObject(name).put("name", name).put("in", "header");
      said.set("description", schema.remove("description"));
      said.set("schema", schema);
    }
    return all;
  }

  private ObjectNode body(Method method, Class<?> type) {
    ObjectNode schema = schemas.ofRequest(type);
    ObjectNode open = schemas.resolve(schema.get("$ref").asText());
    open.remove("additionalProperties"); // what nobody takes is ignored
    ObjectNode body = JSON.objectNode().put("required", open.has("required"));
    ObjectNode content = body.putObject("content");
    for (String mediaType : consumes(method)) {
      content
          .putObject(mediaType)
          .set("schema", mediaType.equals(MediaType.TEXT_PLAIN) ? text(schema) : schema);
    }
    return body;
  }

  private static ObjectNode text(ObjectNode schema) {
    ObjectNode text =
        JSON.objectNode().put("type", "string").put("contentMediaType", MediaType.APPLICATION_JSON);
    text.set("contentSchema", schema.deepCopy());
    return text;
  }

  private static List<String> consumes(Method method) {
    Consumes own = method.getAnnotation(Consumes.class);
    Consumes ofClass = method.getDeclaringClass().getAnnotation(Consumes.class);
    return List.of((own == null ? ofClass : own).value());
  }

  private ObjectNode success(Operation said, boolean limited) {
    ObjectNode response = JSON.objectNode();
    if (!said.type().isEmpty()) {
      response.put("description", isFile(said) ? "The file." : "Events, for as long as it lasts.");
      response.set("headers", isFile(said) ? headers.ofFile() : headers.ofStream(limited));
      response
          .withObject("/content")
          .putObject(said.type())
          .putObject("schema")
          .put("type", "string");
      return response;
    }
    if (said.data().length == 0) {
      response.put("description", "The connection speaks another protocol from here on.");
      response.set("headers", headers.ofStream(limited));
      return response;
    }
    List<ObjectNode> kinds = Arrays.stream(said.data()).map(schemas::of).toList();
    ObjectNode data = kinds.get(0);
    if (kinds.size() > 1) {
      data = JSON.objectNode();
      data.putArray("oneOf").addAll(kinds);
    }
    response.put("description", "Success.");
    response.set("headers", headers.ofSuccess(limited));
    ObjectNode content = response.withObject("/content/application~1json");
    content.set("schema", Envelopes.of(true, "data", data));
    content.set("example", examples.of(content.get("schema")));
    return response;
  }
}
