package io.fullhouse.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The limits in force. Thread-safe. */
final class Limits {
  private final Map<Limit, Integer> values = new ConcurrentHashMap<>();

  int get(Limit limit) {
    return values.getOrDefault(limit, limit.initial());
  }

  void set(Limit limit, int value) {
    values.put(limit, value);
  }
}
