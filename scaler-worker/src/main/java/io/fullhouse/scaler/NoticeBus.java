package io.fullhouse.scaler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where notices go. Every call is bounded in time, and none throws: what can go wrong is said. */
interface NoticeBus extends AutoCloseable {
  /** At most so many at once (PutEvents, EventBridge API reference). */
  int AT_ONCE = 10;

  /**
   * Hands over events.
   *
   * @param events at most {@link #AT_ONCE}
   * @return what came of each, in the same order
   */
  List<Outcome> put(List<Event> events);

  @Override
  void close();

  /**
   * One event.
   *
   * @param resource the ARN that it is about
   * @param detail a JSON object
   */
  record Event(String type, Instant occurredAt, Optional<String> resource, String detail) {}

  /** What the bus said of one event. */
  sealed interface Outcome {
    /** The bus has it. */
    record Taken() implements Outcome {}

    /** Not this time: perhaps it has it, perhaps not. */
    record Later(String reason) implements Outcome {}

    /** It will never take it. */
    record Never(String reason) implements Outcome {}
  }
}
