package io.fullhouse.simulator;

import java.time.Duration;

/** What becomes of a call on its connection. */
sealed interface Outcome {
  /** The answer is sent after a delay. */
  record Sent(Answer answer, Duration delay) implements Outcome {}

  /** The connection is dropped after a delay. */
  record Dropped(Duration delay) implements Outcome {}

  /** Nothing ever happens. */
  record Hung() implements Outcome {}
}
