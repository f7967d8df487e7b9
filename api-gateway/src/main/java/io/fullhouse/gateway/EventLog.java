package io.fullhouse.gateway;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Appends events to the log. Thread-safe. Once the stage completes the event is in the stream; when
 * it fails the event may be there or not, and may be appended again.
 */
final class EventLog {
  private static final String REDIS_CLOCK = "";
  private static final LuaScript END = LuaScript.load(EventLog.class, "end.lua");
  private static final LuaScript BEGIN = LuaScript.load(EventLog.class, "begin.lua");
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

  /** Ends the broadcast; at once when there is no delay, and then with this event. */
  CompletionStage<Ending> end(ViewerEvent event, Duration after, String requestId) {
    return redis
        .<List<Object>>script(
            END,
            ScriptOutputType.MULTI,
            arguments(event, requestId, REDIS_CLOCK, Long.toString(after.toMillis())))
        .thenApply(
            reply ->
                new Ending(
                    Instant.ofEpochMilli(Long.parseLong((String) reply.get(0))),
                    Optional.of((String) reply.get(1))
                        .filter(id -> !id.isEmpty())
                        .map(EntryId::parse)));
  }

  /** The end of a broadcast; the entry is there when it is over already. */
  record Ending(Instant at, Optional<EntryId> entry) {}

  /** Appends the event; a broadcast that has ended begins anew in the same step. */
  CompletionStage<EntryId> begin(ViewerEvent event, String requestId) {
    return redis
        .<String>script(BEGIN, ScriptOutputType.VALUE, arguments(event, requestId, REDIS_CLOCK))
        .thenApply(EntryId::parse);
  }

  private static String[] arguments(ViewerEvent event, String requestId, String... first) {
    Stream<String> fields =
        Arrays.stream(EventCodec.encode(event, "rid", requestId)).map(String::valueOf);
    return Stream.concat(Arrays.stream(first), fields).toArray(String[]::new);
  }

  /** Whether the participant is known to publish to that stage by itself, or has a token for it. */
  CompletionStage<Boolean> publishes(String participant, String stage) {
    String entry = participant + "|" + stage + "|";
    return redis
        .call(c -> c.hvals(redis.keys().fold()))
        .thenApply(values -> values.stream().anyMatch(value -> value.startsWith(entry)));
  }

  /**
   * Has the scaler look which replications there are, if the stage is one of its own.
   *
   * @return whether it is
   */
  CompletionStage<Boolean> replicationsChanged(String stage) {
    return redis
        .call(c -> c.hexists(redis.keys().scalerFleet(), stage))
        .thenCompose(
            ours ->
                ours
                    ? redis
                        .call(c -> c.incr(redis.keys().replicationNews()))
                        .thenApply(counted -> true)
                    : CompletableFuture.completedStage(false));
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
