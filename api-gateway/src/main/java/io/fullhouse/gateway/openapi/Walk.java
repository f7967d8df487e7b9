package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests of {@code walk.yaml}: each is an example of its operation, a link from the operation
 * whose answer it uses, and a step of the document's {@code x-walk}. Not thread-safe.
 */
final class Walk {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** {@code $step#/pointer}: a part of the answer of an earlier step. */
  private static final Pattern REFERENCE = Pattern.compile("\\$([a-z-]+)#(/.+)");

  private final JsonNode steps = Words.read("walk.yaml");
  private final Map<String, ObjectNode> operations = new HashMap<>();
  private final Map<String, String> operationOfStep = new HashMap<>();

  /**
   * @param paths of the document
   */
  Walk(ObjectNode paths) {
    for (JsonNode path : paths) {
      for (JsonNode operation : path) {
        operations.put(operation.path("operationId").asText(), (ObjectNode) operation);
      }
    }
    for (JsonNode step : steps) {
      operationOfStep.put(step.path("step").asText(), step.path("operation").asText());
    }
  }

  /**
   * Puts the examples and links into the operations.
   *
   * @return the steps themselves
   * @throws IllegalStateException when an operation has no step, or a step no operation
   */
  ArrayNode lay() {
    ArrayNode walk = JSON.arrayNode();
    Set<String> unseen = new LinkedHashSet<>(operations.keySet());
    for (JsonNode step : steps) {
      ObjectNode operation = operation(step.path("operation").asText());
      unseen.remove(step.path("operation").asText());
      if (step.has("body")) {
        addExample(operation, step);
      }
      addLink(step);
      ObjectNode shown = step.deepCopy();
      if (!step.has("status")) {
        shown.putArray("status").add(success(operation));
      }
      walk.add(shown);
    }
    if (!unseen.isEmpty()) {
      throw new IllegalStateException("walk.yaml has no step for " + unseen);
    }
    return walk;
  }

  private ObjectNode operation(String id) {
    return Optional.ofNullable(operations.get(id))
        .orElseThrow(() -> new IllegalStateException("walk.yaml names no operation " + id));
  }

  private static int success(ObjectNode operation) {
    return Integer.parseInt(operation.path("responses").fieldNames().next());
  }

  private void addExample(ObjectNode operation, JsonNode step) {
    boolean text = step.path("text").asBoolean();
    JsonNode body = replaced(step.get("body"), this::exampleAnswer);
    ObjectNode content =
        (ObjectNode)
            operation
                .path("requestBody")
                .path("content")
                .path(text ? MediaType.TEXT_PLAIN : MediaType.APPLICATION_JSON);
    ObjectNode example = content.withObject("/examples").putObject(step.path("step").asText());
    if (step.has("does")) {
      example.set("summary", step.get("does"));
    }
    example.set("value", text ? JSON.textNode(body.toString()) : body);
  }

  private String exampleAnswer(String reference) {
    Matcher parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      return reference;
    }
    JsonNode value =
        answer(parts.group(1)).at("/content/application~1json/example" + parts.group(2));
    if (!value.isTextual()) {
      throw new IllegalStateException("no answer has " + reference);
    }
    return value.asText();
  }

  private ObjectNode answer(String step) {
    ObjectNode operation = operation(operationOfStep.getOrDefault(step, ""));
    return (ObjectNode) operation.path("responses").path(String.valueOf(success(operation)));
  }

  /** From the operation whose answer alone makes the request. */
  private void addLink(JsonNode step) {
    Set<String> sources = new LinkedHashSet<>();
    replaced(
        step,
        text -> {
          Matcher parts = REFERENCE.matcher(text);
          if (parts.matches()) {
            sources.add(parts.group(1));
          }
          return text;
        });
    if (sources.size() != 1) {
      return;
    }
    ObjectNode link =
        answer(sources.iterator().next())
            .withObject("/links")
            .putObject(step.path("step").asText());
    link.set("operationId", step.get("operation"));
    UnaryOperator<String> expression =
        text -> REFERENCE.matcher(text).replaceFirst("\\$response.body#$2");
    if (step.has("with")) {
      link.set("parameters", replaced(step.get("with"), expression));
    }
    if (step.has("seat")) {
      link.set("x-bearer", replaced(step.get("seat"), expression));
    }
    if (step.has("body")) {
      link.set("requestBody", replaced(step.get("body"), expression));
    }
  }

  private static JsonNode replaced(JsonNode value, UnaryOperator<String> texts) {
    if (value instanceof TextNode text) {
      return JSON.textNode(texts.apply(text.asText()));
    } else if (value instanceof ObjectNode object) {
      ObjectNode copy = JSON.objectNode();
      object
          .properties()
          .forEach(each -> copy.set(each.getKey(), replaced(each.getValue(), texts)));
      return copy;
    } else if (value instanceof ArrayNode array) {
      ArrayNode copy = JSON.arrayNode();
      array.forEach(each -> copy.add(replaced(each, texts)));
      return copy;
    }
    return value;
  }
}
