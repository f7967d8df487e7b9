package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages' metadata in Redis. Thread-safe; each method throws {@link
 * io.lettuce.core.RedisException} when Redis is away or refuses.
 */
final class StageMetadataStore {
  /** By the contract: what nobody refreshes is gone after an hour. */
  static final Duration TTL = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(StageMetadataStore.class);

  private final Redis redis;
  private final RedisKeys keys;
  private final ScalerMetrics metrics;

  StageMetadataStore(Redis redis, RedisKeys keys, ScalerMetrics metrics) {
    this.redis = redis;
    this.keys = keys;
    this.metrics = metrics;
  }

  /** Whether anything is stored for the stage. */
  CompletionStage<Boolean> exists(StageArn stage) {
    return redis.commands().exists(keys.stageMetadata(stage)).thenApply(found -> found > 0);
  }

  /** What is stored; empty when there is nothing or somebody damaged it. */
  Optional<StageMetadata> read(StageArn stage) {
    Optional<String> stored = stored(stage);
    Optional<StageMetadata> metadata =
        stored.flatMap(StageMetadata::fromJson).filter(found -> found.arn().equals(stage));
    if (stored.isPresent() && metadata.isEmpty()) {
      metrics.metadataRepaired.inc();
      log.warn("the metadata of {} is damaged: writing it anew", stage);
    }
    return metadata;
  }

  private Optional<String> stored(StageArn stage) {
    try {
      return Optional.ofNullable(awaitNullable(redis.commands().get(keys.stageMetadata(stage))));
    } catch (RedisCommandExecutionException e) {
      if (String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
        return Optional.of("");
      }
      throw e;
    }
  }

  /** Stores it for {@link #TTL}, whatever was there. */
  void write(StageMetadata metadata) {
    await(
        redis
            .commands()
            .set(keys.stageMetadata(metadata.arn()), metadata.toJson(), SetArgs.Builder.ex(TTL)));
    metrics.metadataWritten.inc();
  }
}
