package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rates and limits as steering reads and changes them: all of a request or nothing of it.
 * Thread-safe.
 */
final class LimitSettings {
  private static final String TPS = "tps";
  private static final String ALL = "*";
  private static final double MAX_TPS = 1e6;

  private final RateLimits rates;
  private final Limits limits;
  private final ObjectNode initial;
  private final AtomicLong changes = new AtomicLong();

  LimitSettings(RateLimits rates, Limits limits) {
    this.rates = rates;
    this.limits = limits;
    this.initial = toJson();
  }

  /**
   * @throws Refusal ValidationException, with nothing changed
   */
  synchronized void apply(Input input) {
    input.knowing(members());
    Map<Operation, Double> newRates = new EnumMap<>(Operation.class);
    input.object(TPS).ifPresent(tps -> readRates(tps, newRates));
    Map<Limit, Integer> newLimits = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      input
          .integer(limit.wireName(), 0, Integer.MAX_VALUE)
          .ifPresent(value -> newLimits.put(limit, checked(limit, value)));
    }
    newRates.forEach(rates::set);
    newLimits.forEach(limits::set);
    changes.incrementAndGet();
  }

  /** How often they were set. */
  long changes() {
    return changes.get();
  }

  /**
   * Those that differ from the start, as {@link #apply} takes them: the rest is AWS's to change.
   */
  synchronized ObjectNode changed() {
    ObjectNode now = toJson();
    ObjectNode changed = difference(now, initial);
    changed.set(TPS, difference(now.path(TPS), initial.path(TPS)));
    return changed;
  }

  private static ObjectNode difference(JsonNode now, JsonNode before) {
    ObjectNode different = Json.object();
    now.properties()
        .forEach(
            field -> {
              if (!field.getValue().equals(before.get(field.getKey()))) {
                different.set(field.getKey(), field.getValue());
              }
            });
    return different;
  }

  private static int checked(Limit limit, int value) {
    if (!limit.mayBe(value)) {
      throw new Refusal(AwsError.validation(limit.wireName() + " cannot be " + value));
    }
    return value;
  }

  private static Set<String> members() {
    Set<String> members = new TreeSet<>();
    members.add(TPS);
    for (Limit limit : Limit.values()) {
      members.add(limit.wireName());
    }
    return members;
  }

  private static void readRates(Input tps, Map<Operation, Double> into) {
    // What is said of all comes first, so that a single operation can differ.
    tps.number(ALL, 0, MAX_TPS)
        .ifPresent(
            rate -> {
              for (Operation operation : Operation.values()) {
                into.put(operation, rate);
              }
            });
    for (String name : tps.members()) {
      if (!name.equals(ALL)) {
        Operation operation =
            Operation.named(name)
                .orElseThrow(
                    () -> new Refusal(AwsError.validation("op '" + name + "' is not known")));
        tps.number(name, 0, MAX_TPS).ifPresent(rate -> into.put(operation, rate));
      }
    }
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    ObjectNode tps = json.putObject(TPS);
    for (Operation operation : Operation.values()) {
      tps.put(operation.wireName(), rates.callsPerSecond(operation));
    }
    for (Limit limit : Limit.values()) {
      json.put(limit.wireName(), limits.get(limit));
    }
    return json;
  }
}
