package io.fullhouse.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The resources of one kind, by ARN and in the order they were made.
 *
 * <p>Thread-safe; each method is atomic, so a quota is never passed by calls at the same moment.
 */
final class ResourceTable<T extends Resource> {
  private final String kind;
  private final BiFunction<T, Map<String, String>, T> withTags;
  private final Map<String, Long> places = new HashMap<>();
  private final NavigableMap<Long, T> inOrder = new TreeMap<>();
  private long made;
  private long changes;

  /**
   * @param kind what a resource is called in messages
   * @param withTags a copy of the resource with other tags
   */
  ResourceTable(String kind, BiFunction<T, Map<String, String>, T> withTags) {
    this.kind = kind;
    this.withTags = withTags;
  }

  /**
   * @param quota how many there may be; 0 for any number
   * @throws Refusal ServiceQuotaExceededException
   */
  synchronized void add(T resource, int quota) {
    if (quota > 0 && inOrder.size() >= quota) {
      throw new Refusal(
          AwsError.quota("The quota of " + quota + " for resource type " + kind + " is reached"));
    }
    changes++;
    made++;
    places.put(resource.arn(), made);
    inOrder.put(made, resource);
  }

  synchronized Optional<T> find(String arn) {
    Long place = places.get(arn);
    return place == null ? Optional.empty() : Optional.ofNullable(inOrder.get(place));
  }

  /**
   * @throws Refusal ResourceNotFoundException
   */
  synchronized T get(String arn) {
    return find(arn).orElseThrow(() -> unknown(arn));
  }

  synchronized T update(String arn, UnaryOperator<T> change) {
    T changed = change.apply(get(arn));
    changes++;
    inOrder.put(places.get(arn), changed);
    return changed;
  }

  synchronized void remove(String arn) {
    Long place = places.remove(arn);
    if (place == null) {
      throw unknown(arn);
    }
    changes++;
    inOrder.remove(place);
  }

  synchronized void retag(String arn, UnaryOperator<Map<String, String>> change) {
    update(arn, resource -> withTags.apply(resource, change.apply(resource.tags())));
  }

  synchronized List<T> all() {
    return List.copyOf(inOrder.values());
  }

  synchronized Page<T> page(PageRequest request) {
    return Page.of(inOrder, request);
  }

  /** How often something in it has changed. */
  synchronized long changes() {
    return changes;
  }

  private Refusal unknown(String arn) {
    return new Refusal(AwsError.notFound("Resource: " + arn + " not found"));
  }
}
