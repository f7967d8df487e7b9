package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.awaitNullable;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is stored of each stage, as everybody else reads it. Thread-safe; each method throws {@link
 * io.lettuce.core.RedisException} when Redis is away or refuses.
 */
final class StageMetadataStore {
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
}
