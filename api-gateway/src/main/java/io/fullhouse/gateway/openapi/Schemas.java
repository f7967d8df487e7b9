package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.annotation.JsonGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas of the messages' records, as Jackson writes them: what may be null is left out or
 * null as {@code @JsonInclude} has it, and nothing else is there. Not thread-safe.
 */
final class Schemas {
  static final String PREFIX = "#/components/schemas/";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Words words;
  private final Map<String, ObjectNode> components = new TreeMap<>();
  private final Map<String, Class<?>> owners = new HashMap<>();

  Schemas(Words words) {
    this.words = words;
  }

  /** By name, in the order of the names. */
  Map<String, ObjectNode> components() {
    return components;
  }

  /** The component that a {@code $ref} names. */
  ObjectNode resolve(String ref) {
    return Optional.ofNullable(components.get(ref.substring(PREFIX.length())))
        .orElseThrow(() -> new IllegalStateException("nobody defines " + ref));
  }

  /** Adds a schema that no type has. */
  void put(String name, ObjectNode schema) {
    components.put(name, schema);
  }

  static ObjectNode ref(String name) {
    return JSON.objectNode().put("$ref", PREFIX + name);
  }

  /** A reference to the schema of a record, or of a sealed interface of records. */
  ObjectNode of(Class<?> type) {
    return component(type, false);
  }

  /** Likewise, of what is sent to us: a field that may be absent may be null, too. */
  ObjectNode ofRequest(Class<?> type) {
    return component(type, true);
  }

  private ObjectNode component(Class<?> type, boolean request) {
    String name = name(type);
    Class<?> owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      components.put(name, type.isRecord() ? record(type, name, request) : choice(type));
    } else if (owner != type) {
      throw new IllegalStateException("two types would be called " + name);
    }
    return ref(name);
  }

  /** Kinds of a sealed interface carry its name: {@code NextMove}. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer != null && outer.isSealed()
        ? outer.getSimpleName() + type.getSimpleName()
        : type.getSimpleName();
  }

  private ObjectNode choice(Class<?> type) {
    if (!type.isSealed()) {
      throw new IllegalStateException(type + " is neither a record nor sealed");
    }
    ObjectNode schema = JSON.objectNode();
    ArrayNode kinds = schema.putArray("oneOf");
    Optional<Method> kind = kindOf(type);
    for (Class<?> each : type.getPermittedSubclasses()) {
      kinds.add(of(each));
      kind.ifPresent(
          by ->
              schema
                  .withObject("/discriminator")
                  .put("propertyName", by.getName())
                  .withObject("/mapping")
                  .put(wireName(each), PREFIX + name(each)));
    }
    return schema;
  }

  /** The method of a sealed interface that tells its kinds apart, by their names. */
  private static Optional<Method> kindOf(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(JsonGetter.class))
        .findFirst();
  }

  private static String wireName(Class<?> kind) {
    return kind.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private ObjectNode record(Class<?> type, String name, boolean request) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.arrayNode();
    for (Class<?> each : type.getInterfaces()) {
      kindOf(each)
          .ifPresent(
              kind -> {
                properties.set(
                    kind.getName(),
                    words
                        .ofField(each.getSimpleName(), kind.getName())
                        .put("type", "string")
                        .put("const", wireName(type)));
                required.add(kind.getName());
              });
    }
    addComponents(type, name, properties, required, request);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private void addComponents(
      Class<?> type, String name, ObjectNode properties, ArrayNode required, boolean request) {
    boolean leavesOutNull = leavesOutNull(inclusion(type), false);
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        Class<?> part = component.getType();
        addComponents(part, name(part), properties, required, request);
        continue;
      }
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      boolean absent =
          nullable
              && leavesOutNull(
                  component.getAccessor().getAnnotation(JsonInclude.class), leavesOutNull);
      String field = fieldName(component);
      ObjectNode value = field(name, field, component.getGenericType());
      properties.set(field, nullable && (request || !absent) ? orNull(value) : value);
      if (!absent) {
        required.add(field);
      }
    }
  }

  /** The record's own or, as Jackson has it, its interface's. */
  private static @Nullable JsonInclude inclusion(Class<?> type) {
    JsonInclude own = type.getAnnotation(JsonInclude.class);
    for (Class<?> each : type.getInterfaces()) {
      own = own == null ? each.getAnnotation(JsonInclude.class) : own;
    }
    return own;
  }

  private static boolean leavesOutNull(@Nullable JsonInclude rule, boolean unsaid) {
    return rule == null ? unsaid : rule.value() == JsonInclude.Include.NON_NULL;
  }

  private static String fieldName(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }

  private static ObjectNode orNull(ObjectNode schema) {
    JsonNode type = schema.path("type");
    if (!type.isTextual()) {
      ObjectNode either = JSON.objectNode();
      either.putArray("anyOf").add(schema).addObject().put("type", "null");
      if (schema.has("description")) {
        either.set("description", schema.remove("description"));
      }
      return either;
    }
    schema.putArray("type").add(type).add("null");
    if (schema.get("enum") instanceof ArrayNode values) {
      values.addNull();
    }
    return schema;
  }

  /** One field or header: its type, and what the dictionary says of it. */
  ObjectNode field(String owner, String name, Type type) {
    return merge(type(type), words.ofField(owner, name));
  }

  /** A parameter: a text, unless the dictionary says otherwise. */
  ObjectNode parameter(String operation, String name) {
    return merge(type(String.class), words.ofParameter(operation, name));
  }

  private ObjectNode type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == List.class) {
        return array(type(last));
      } else if (generic.getRawType() == Map.class) {
        ObjectNode map = JSON.objectNode().put("type", "object");
        map.set("additionalProperties", type(last));
        return map;
      }
    } else if (type == String.class) {
      return JSON.objectNode().put("type", "string");
    } else if (type == boolean.class || type == Boolean.class) {
      return JSON.objectNode().put("type", "boolean");
    } else if (type == int.class || type == Integer.class) {
      return JSON.objectNode().put("type", "integer").put("format", "int32").put("minimum", 0);
    } else if (type == long.class || type == Long.class) {
      return JSON.objectNode().put("type", "integer").put("format", "int64").put("minimum", 0);
    } else if (type == double.class) {
      return JSON.objectNode().put("type", "number").put("format", "double").put("minimum", 0);
    } else if (type == JsonNode.class) {
      return JSON.objectNode();
    } else if (type instanceof Class<?> message) {
      return of(message);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private static ObjectNode array(ObjectNode items) {
    ObjectNode array = JSON.objectNode().put("type", "array");
    array.set("items", items);
    return array;
  }

  private static ObjectNode merge(ObjectNode base, ObjectNode more) {
    more.properties()
        .forEach(
            each -> {
              if (each.getValue() instanceof ObjectNode inner
                  && base.get(each.getKey()) instanceof ObjectNode outer) {
                merge(outer, inner);
              } else {
                base.set(each.getKey(), each.getValue());
              }
            });
    return base;
  }
}
