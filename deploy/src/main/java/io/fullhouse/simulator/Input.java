package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The JSON object of a request, read member by member and checked on the way.
 *
 * <p>A {@code null} member counts as absent and unknown members are passed over, as AWS does. What
 * breaks a rule is refused as ValidationException, what has the wrong JSON type as
 * SerializationException.
 */
final class Input {
  private final String path;
  private final ObjectNode node;

  private Input(String path, ObjectNode node) {
    this.path = path;
    this.node = node;
  }

  static Input of(JsonNode node) {
    return of("", node);
  }

  private static Input of(String path, JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw wrongType(path, "an object");
    }
    return new Input(path, object);
  }

  static Refusal invalid(String path, String rule) {
    return new Refusal(
        AwsError.validation(
            "1 validation error detected: Value at '"
                + path
                + "' failed to satisfy constraint: Member "
                + rule));
  }

  private static Refusal wrongType(String path, String expected) {
    return new Refusal(AwsError.serialization("'" + path + "' must be " + expected));
  }

  /** Where a member of this object stands in the request. */
  String pathOf(String member) {
    return path.isEmpty() ? member : path + "." + member;
  }

  String required(String member, TextRule rule) {
    return text(member, rule).orElseThrow(() -> invalid(pathOf(member), "must not be null"));
  }

  Optional<String> text(String member, TextRule rule) {
    return member(member).map(value -> rule.check(pathOf(member), asText(pathOf(member), value)));
  }

  OptionalInt integer(String member, int min, int max) {
    return whole(member, min, max)
        .map(value -> OptionalInt.of(value.intValue()))
        .orElseGet(OptionalInt::empty);
  }

  Optional<Long> whole(String member, long min, long max) {
    Optional<JsonNode> value = member(member);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isIntegralNumber()) {
      throw wrongType(pathOf(member), "an integer");
    }
    if (!value.get().canConvertToLong()
        || value.get().longValue() < min
        || value.get().longValue() > max) {
      throw invalid(pathOf(member), "must be between " + min + " and " + max);
    }
    return Optional.of(value.get().longValue());
  }

  Optional<Boolean> flag(String member) {
    Optional<JsonNode> value = member(member);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw wrongType(pathOf(member), "true or false");
    }
    return value.map(JsonNode::booleanValue);
  }

  OptionalDouble number(String member, double min, double max) {
    Optional<JsonNode> value = member(member);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!value.get().isNumber()) {
      throw wrongType(pathOf(member), "a number");
    }
    double number = value.get().doubleValue();
    if (number < min || number > max) {
      throw invalid(pathOf(member), "must be between " + min + " and " + max);
    }
    return OptionalDouble.of(number);
  }

  Optional<Input> object(String member) {
    return member(member).map(value -> of(pathOf(member), value));
  }

  /** A map of texts; empty when absent. */
  Map<String, String> texts(String member) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(member)
        .ifPresent(
            map ->
                map.members()
                    .forEach(
                        name ->
                            map.text(name, TextRule.ANY).ifPresent(text -> texts.put(name, text))));
    return texts;
  }

  /** A list of texts; empty when absent. */
  List<String> textList(String member, int maxSize) {
    List<String> texts = new ArrayList<>();
    elements(member, maxSize).forEach((place, element) -> texts.add(asText(place, element)));
    return texts;
  }

  /** A list of objects; empty when absent. */
  List<Input> objects(String member, int maxSize) {
    List<Input> objects = new ArrayList<>();
    elements(member, maxSize).forEach((place, element) -> objects.add(of(place, element)));
    return objects;
  }

  /** The names of all members that are there. */
  Set<String> members() {
    Set<String> names = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /**
   * Refuses a member that is not among the known ones: for our own steering, where a misspelt
   * member would be a test that tests nothing.
   */
  Input knowing(Set<String> known) {
    for (String name : members()) {
      if (!known.contains(name)) {
        throw new Refusal(
            AwsError.validation("'" + pathOf(name) + "' is not known; known are " + known));
      }
    }
    return this;
  }

  private Map<String, JsonNode> elements(String member, int maxSize) {
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    Optional<JsonNode> value = member(member);
    if (value.isEmpty()) {
      return elements;
    }
    if (!value.get().isArray()) {
      throw wrongType(pathOf(member), "an array");
    }
    if (value.get().size() > maxSize) {
      throw invalid(pathOf(member), "must have at most " + maxSize + " elements");
    }
    for (int i = 0; i < value.get().size(); i++) {
      elements.put(pathOf(member) + "[" + i + "]", value.get().get(i));
    }
    return elements;
  }

  private Optional<JsonNode> member(String member) {
    JsonNode value = node.get(member);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  private static String asText(String place, JsonNode value) {
    if (!value.isTextual()) {
      throw wrongType(place, "a string");
    }
    return value.textValue();
  }
}
