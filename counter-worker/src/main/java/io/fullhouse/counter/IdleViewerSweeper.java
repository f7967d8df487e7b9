package io.fullhouse.counter;

import io.fullhouse.counter.PresenceStore.Swept;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.WorkerLoop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the viewers who fell silent and has the log say so. Any number may run at once.
 *
 * <p>Lag makes nobody silent: only the fold's clock counts, and the fold itself removes, so
 * whatever is still in the log is heard first.
 */
final class IdleViewerSweeper implements WorkerLoop.Step {
  private static final Logger log = LoggerFactory.getLogger(IdleViewerSweeper.class);

  /** Calls a turn: 100,000 viewers, so that a turn ends whatever comes due meanwhile. */
  private static final int MAX_CALLS = 200;

  private final PresenceStore store;
  private final Duration interval;
  private final CounterMetrics metrics;

  IdleViewerSweeper(PresenceStore store, Duration interval, CounterMetrics metrics) {
    this.store = store;
    this.interval = interval;
    this.metrics = metrics;
  }

  @Override
  public Duration run() {
    for (int call = 0; call < MAX_CALLS; call++) {
      Swept swept = RedisAnswer.await(store.sweep());
      metrics.expired.inc(swept.expired());
      metrics.unheard.inc(swept.unheard());
      metrics.lapsed.inc(swept.lapsed());
      if (swept.braked()) {
        metrics.braked.inc();
        log.error(
            "ALARM too many of {} viewers fell silent at once: everybody gets another timeout",
            swept.lookedAt());
      }
      if (!swept.mayHaveMore()) {
        break;
      }
    }
    return interval;
  }
}
