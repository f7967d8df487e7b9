package io.fullhouse.gateway;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec;
import io.fullhouse.model.ViewerEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Appends events to the log. Thread-safe. Once the stage completes the event is in the stream; when
 * it fails the event may be there or not, and may be appended again.
 */
final class EventLog {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration FOLD_BOUND = Duration.ofSeconds(1);

  private final GatewayRedis redis;

  EventLog(GatewayRedis redis) {
    this.redis = redis;
  }

  /**
   * @param requestId travels into the entry
   */
  CompletionStage<EntryId> append(ViewerEvent event, String requestId) {
    Object[] fields = EventCodec.encode(event, "rid", requestId);
    return redis.call(c -> c.xadd(redis.keys().events(), fields)).thenApply(EntryId::parse);
  }

  /** Fails when nothing could be appended now. */
  CompletionStage<String> reachable() {
    return redis.call(c -> c.ping());
  }

  /**
   * Waits, without a thread, until the fold has reached an entry, one second at most: what is read
   * after it shows the event. A fold that lags is no error, so this completes either way.
   */
  CompletionStage<Void> folded(EntryId entry) {
    return folded(entry, FOLD_BOUND.dividedBy(POLL));
  }

  private CompletionStage<Void> folded(EntryId entry, long tries) {
    return redis
        .call(c -> c.get(redis.keys().position()))
        .thenCompose(
            position -> {
              if (tries <= 0 || (position != null && !entry.isAfter(EntryId.parse(position)))) {
                return CompletableFuture.completedStage(null);
              }
              Executor later =
                  CompletableFuture.delayedExecutor(POLL.toMillis(), TimeUnit.MILLISECONDS);
              return CompletableFuture.supplyAsync(() -> tries - 1, later)
                  .thenCompose(left -> folded(entry, left));
            });
  }
}
