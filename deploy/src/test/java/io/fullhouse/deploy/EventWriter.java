package io.fullhouse.deploy;

import static org.awaitility.Awaitility.await;

import io.fullhouse.model.EventCodec;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Appends events as gateways do: many at a time, and again until they are acknowledged, which may
 * append one twice. Not thread-safe.
 */
final class EventWriter {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final Redis redis;
  private final RedisKeys keys;
  private final List<String> acknowledged = new ArrayList<>();

  EventWriter(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Returns when every one of them is acknowledged. Each gets the next number as {@code rid}. */
  void write(List<ViewerEvent> events) {
    int first = acknowledged.size();
    acknowledged.addAll(Collections.nCopies(events.size(), ""));
    Map<Integer, ViewerEvent> waiting = new TreeMap<>();
    for (int i = 0; i < events.size(); i++) {
      waiting.put(first + i, events.get(i));
    }
    send(waiting);
    if (!waiting.isEmpty()) {
      await()
          .pollInterval(RETRY)
          .atMost(PATIENCE)
          .until(
              () -> {
                send(waiting);
                return waiting.isEmpty();
              });
    }
  }

  private void send(Map<Integer, ViewerEvent> waiting) {
    Map<Integer, CompletionStage<String>> answers = new TreeMap<>();
    waiting.forEach((number, event) -> answers.put(number, append(number, event)));
    answers.forEach(
        (number, answer) -> {
          try {
            acknowledged.set(number, RedisAnswer.await(answer));
            waiting.remove(number);
          } catch (RedisException e) {
            // Not acknowledged: it may be in the stream or not, and is sent again.
          }
        });
  }

  private CompletionStage<String> append(int number, ViewerEvent event) {
    Object[] fields = EventCodec.encode(event, "rid", Integer.toString(number));
    try {
      return redis.commands().xadd(keys.events(), fields);
    } catch (RedisException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** The entry ids that Redis acknowledged, by number. */
  List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }
}
