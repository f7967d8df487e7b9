package io.fullhouse.gateway;

import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.StatsSnapshot.State;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots from {@code stats.lua}: all requests of the same quarter of a second share one read.
 * Thread-safe.
 */
final class StatsReader {
  static final Duration SHARED_FOR = Duration.ofMillis(250);

  private static final String REDIS_CLOCK = "";
  private static final int HEADER_FIELDS = 7;
  private static final int STAGE_FIELDS = 5;

  private final LuaScript stats = LuaScript.load(StatsReader.class, "stats.lua");
  private final GatewayRedis redis;
  private final LongSupplier nanoTime;
  private @Nullable Shared shared;

  private record Shared(long startedAt, CompletableFuture<StatsSnapshot> read) {}

  /**
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  StatsReader(GatewayRedis redis, LongSupplier nanoTime) {
    this.redis = redis;
    this.nanoTime = nanoTime;
  }

  /**
   * At most a quarter of a second old. A read that failed is not shared any longer than it took.
   */
  CompletionStage<StatsSnapshot> recent() {
    return read(SHARED_FOR.toNanos()).minimalCompletionStage();
  }

  /** Of this moment, for when a recent one does not know a stage that may have come since. */
  CompletionStage<StatsSnapshot> fresh() {
    return read(0).minimalCompletionStage();
  }

  private synchronized CompletableFuture<StatsSnapshot> read(long maxAgeNanos) {
    long now = nanoTime.getAsLong();
    Shared current = shared;
    if (current != null
        && now - current.startedAt() < maxAgeNanos
        && !current.read().isCompletedExceptionally()) {
      return current.read();
    }
    CompletableFuture<StatsSnapshot> read =
        redis
            .<List<Object>>script(stats, ScriptOutputType.MULTI, REDIS_CLOCK)
            .thenApply(StatsReader::snapshot)
            .toCompletableFuture();
    shared = new Shared(now, read);
    return read;
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
