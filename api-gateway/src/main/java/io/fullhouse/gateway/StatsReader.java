package io.fullhouse.gateway;

import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.StatsSnapshot.State;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots from {@code stats.lua}: the one source of every number that is shown. Thread-safe.
 *
 * <p>Whoever asks, and however many: no more than five reads of Redis begin in a second.
 */
final class StatsReader {
  static final Duration SHARED_FOR = Duration.ofMillis(250);

  /** Between the beginnings of two reads. */
  static final Duration APART = Duration.ofMillis(200);

  private static final String REDIS_CLOCK = "";
  private static final int HEADER_FIELDS = 9;
  private static final int STAGE_FIELDS = 5;

  private final LuaScript stats = LuaScript.load(StatsReader.class, "stats.lua");
  private final GatewayRedis redis;
  private final LongSupplier nanoTime;
  private final Later later;
  private @Nullable Shared shared;
  private @Nullable CompletableFuture<StatsSnapshot> next;

  private record Shared(long startedAt, CompletableFuture<StatsSnapshot> read) {}

  /** Runs something once, after a pause. */
  interface Later {
    void run(Duration pause, Runnable task);
  }

  StatsReader(GatewayRedis redis) {
    this(
        redis,
        System::nanoTime,
        (pause, task) ->
            CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task));
  }

  /**
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  StatsReader(GatewayRedis redis, LongSupplier nanoTime, Later later) {
    this.redis = redis;
    this.nanoTime = nanoTime;
    this.later = later;
  }

  /** With all that was so a quarter of a second ago. A read that failed is not shared. */
  synchronized CompletionStage<StatsSnapshot> recent() {
    Shared current = shared;
    if (current != null
        && nanoTime.getAsLong() - current.startedAt() < SHARED_FOR.toNanos()
        && !current.read().isCompletedExceptionally()) {
      return current.read().minimalCompletionStage();
    }
    return fresh();
  }

  /**
   * With all that is so now, for when a recent one does not know a stage that may have come since.
   * Waits until the next read may begin, and shares it with all who wait.
   */
  synchronized CompletionStage<StatsSnapshot> fresh() {
    CompletableFuture<StatsSnapshot> awaited = next;
    if (awaited == null) {
      awaited = new CompletableFuture<>();
      next = awaited;
      Shared last = shared;
      long pause = last == null ? 0 : last.startedAt() + APART.toNanos() - nanoTime.getAsLong();
      if (pause <= 0) {
        begin();
      } else {
        later.run(Duration.ofNanos(pause), this::begin);
      }
    }
    return awaited.minimalCompletionStage();
  }

  private synchronized void begin() {
    CompletableFuture<StatsSnapshot> read = next;
    if (read == null) {
      throw new AssertionError("a read begins once");
    }
    next = null;
    shared = new Shared(nanoTime.getAsLong(), read);
    CompletableFuture.completedStage(REDIS_CLOCK)
        .thenCompose(now -> redis.<List<Object>>script(stats, ScriptOutputType.MULTI, now))
        .thenApply(StatsReader::snapshot)
        .whenComplete(
            (snapshot, failure) -> {
              if (failure != null) {
                read.completeExceptionally(failure);
              } else {
                read.complete(snapshot);
              }
            });
  }

  private static StatsSnapshot snapshot(List<Object> reply) {
    List<Stage> stages = new ArrayList<>();
    for (int i = HEADER_FIELDS; i + STAGE_FIELDS <= reply.size(); i += STAGE_FIELDS) {
      stage(reply.subList(i, i + STAGE_FIELDS)).ifPresent(stages::add);
    }
    String since = (String) reply.get(4);
    boolean live = reply.get(3).equals("live");
    return new StatsSnapshot(
        (String) reply.get(0),
        (Long) reply.get(1),
        (Long) reply.get(2),
        live,
        live && !since.isEmpty()
            ? Optional.of(Instant.ofEpochMilli(Long.parseLong(since)))
            : Optional.empty(),
        live ? (String) reply.get(5) : "",
        (Long) reply.get(6) == 1,
        EntryId.parse((String) reply.get(7)),
        EntryId.parse((String) reply.get(8)),
        stages);
  }

  private static Optional<Stage> stage(List<Object> fields) {
    String arn = (String) fields.get(0);
    if (!StageArn.isValid(arn)) {
      return Optional.empty(); // somebody else's entry in the registry: costs itself only
    }
    return Optional.of(
        new Stage(
            new StageArn(arn),
            State.valueOf(((String) fields.get(1)).toUpperCase(Locale.ROOT)),
            (Long) fields.get(2),
            (Long) fields.get(3),
            StageMetadata.fromJson((String) fields.get(4))));
  }
}
