package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The dictionary: what each field and parameter means, and its bounds, as a fragment of JSON
 * Schema. One word has one meaning wherever it stands; {@code Owner.word} says what differs there.
 * Not thread-safe.
 */
final class Words {
  /** Before the name of a group of routes. */
  static final String TAG = "Tag.";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final JsonNode entries;
  private final Set<String> used = new HashSet<>();

  private Words(JsonNode entries) {
    this.entries = entries;
  }

  static Words load() {
    return new Words(read("words.yaml"));
  }

  /** A file of the document's own, beside this class. */
  static JsonNode read(String name) {
    try (InputStream stream = Words.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new FileNotFoundException(name + " is missing in this jar");
      }
      return YAML.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is known of a word.
   *
   * @param owner a record or an operation
   * @throws IllegalStateException when the dictionary lacks it
   */
  ObjectNode ofField(String owner, String word) {
    return of(entry(word), owner + "." + word);
  }

  /**
   * Likewise of a parameter: its words stand behind a question mark.
   *
   * @param operation whose parameter it is
   */
  ObjectNode ofParameter(String operation, String word) {
    return of(entry("?" + word), operation + "." + word);
  }

  private ObjectNode of(ObjectNode known, String owned) {
    known.setAll(entry(owned));
    if (!known.has("description")) {
      throw new IllegalStateException("words.yaml does not say what " + owned + " is");
    }
    return known;
  }

  /**
   * What is known of a group of routes, an object or another thing that has a description alone.
   */
  String describe(String thing) {
    String text = entry(thing).path("description").asText();
    if (text.isEmpty()) {
      throw new IllegalStateException("words.yaml does not say what " + thing + " is");
    }
    return text;
  }

  /** Groups of routes, in the order that the dictionary has them in. */
  List<String> tags(Set<String> wanted) {
    List<String> known =
        entries.properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> key.startsWith(TAG))
            .map(key -> key.substring(TAG.length()))
            .toList();
    if (!known.containsAll(wanted)) {
      throw new IllegalStateException("words.yaml does not describe all of " + wanted);
    }
    return known.stream().filter(wanted::contains).toList();
  }

  private ObjectNode entry(String key) {
    used.add(key);
    ObjectNode copy = YAML.createObjectNode();
    entries
        .path(key)
        .properties()
        .forEach(each -> copy.set(each.getKey(), each.getValue().deepCopy()));
    return copy;
  }

  /**
   * Looks whether every entry was asked for.
   *
   * @throws IllegalStateException when one was not: it is out of date, or misspelt
   */
  void allUsed() {
    Set<String> rest = new TreeSet<>();
    entries.fieldNames().forEachRemaining(rest::add);
    rest.removeAll(used);
    if (!rest.isEmpty()) {
      throw new IllegalStateException("words.yaml has words that nobody uses: " + rest);
    }
  }
}
