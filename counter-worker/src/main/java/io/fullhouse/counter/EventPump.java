package io.fullhouse.counter;

import com.codahale.metrics.Timer;
import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.WorkerLoop;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the viewer keys up with the log: drains until nothing is left, then waits for the next
 * entry.
 *
 * <p>Holds no state and owns no entries. Any number of pumps may run on one stream, and any of them
 * may be killed at any instruction: the fold's position is in Redis, written with the effect.
 */
final class EventPump implements WorkerLoop.Step {
  private static final Logger log = LoggerFactory.getLogger(EventPump.class);

  /** Shorter than the command timeout, so that a waiting read is never taken for a dead Redis. */
  private static final Duration BLOCK = Duration.ofSeconds(1);

  private static final Duration ALARM_PAUSE = Duration.ofSeconds(1);

  private final PresenceStore store;
  private final Redis.Connection<String> waiting;
  private final RedisKeys keys;
  private final CounterMetrics metrics;
  private EntryId position = EntryId.ZERO;
  private volatile String alarm = "";

  EventPump(Redis redis, RedisKeys keys, PresenceStore store, CounterMetrics metrics) {
    this.store = store;
    this.waiting = redis.connection(StringCodec.UTF8);
    this.keys = keys;
    this.metrics = metrics;
  }

  @Override
  public Duration run() {
    Drained drained = drainOnce();
    return switch (drained.status()) {
      case OK -> {
        alarm = "";
        if (drained.folded() == 0) {
          awaitEntry();
        }
        yield Duration.ZERO;
      }
      case REPLACED -> {
        log.error("ALARM the stream was replaced by an older one; the fold begins at its start");
        yield Duration.ZERO;
      }
      case VERSION -> {
        raise("the next entry is a version ahead of this worker: a newer one must take over");
        yield ALARM_PAUSE;
      }
      case STOPPED -> {
        raise("Redis stopped the fold: " + drained.reason());
        yield ALARM_PAUSE;
      }
    };
  }

  private Drained drainOnce() {
    Timer.Context timed = metrics.drain.time();
    Drained drained = RedisAnswer.await(store.drain());
    timed.stop();
    metrics.folded.inc(drained.folded());
    metrics.deadLetters.inc(drained.deadLetters());
    if (drained.deadLetters() > 0) {
      log.warn(
          "{} entries up to {} were unreadable: see the stream {}",
          drained.deadLetters(),
          drained.position(),
          keys.deadLetters());
    }
    position = drained.position();
    return drained;
  }

  @SuppressWarnings("unchecked") // a generic array for one stream: Lettuce's varargs
  private void awaitEntry() {
    RedisAnswer.awaitNullable(
        waiting
            .commands()
            .xread(
                XReadArgs.Builder.block(BLOCK).count(1),
                StreamOffset.from(keys.events(), position.toString())));
  }

  private void raise(String reason) {
    if (!alarm.equals(reason)) {
      log.error("ALARM {}", reason);
      alarm = reason;
    }
  }

  /** What an operator has to do something about; empty when all is well. */
  String alarm() {
    return alarm;
  }
}
