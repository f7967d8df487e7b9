package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which stages take seats, and how many are taken: the scaler's side of it. Thread-safe.
 *
 * <p>Every method is one trip, and safe to repeat; each throws {@link
 * io.lettuce.core.RedisException} when Redis is away or refuses.
 */
final class StageRegistry {
  private static final LuaScript STAGE = LuaScript.load(StageRegistry.class, "stage.lua");
  private static final LuaScript OBSERVE = LuaScript.load(StageRegistry.class, "observe.lua");
  private static final int HEAD = 4;
  private static final int PER_STAGE = 5;

  private final Redis redis;
  private final RedisKeys keys;

  StageRegistry(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Whether the stage takes newcomers. */
  CompletionStage<Boolean> isOpen(StageArn stage) {
    return redis.commands().zscore(keys.stages(), stage.value()).thenApply(score -> score != null);
  }

  /** Opens the stage for newcomers; who already holds a seat there is counted. */
  void open(StageArn stage) {
    await(STAGE.<String>run(redis.commands(), ScriptOutputType.VALUE, keys, stage.value(), "open"));
  }

  /** The load at this instant. */
  StageLoad observe() {
    List<String> answer =
        await(OBSERVE.<List<String>>run(redis.commands(), ScriptOutputType.MULTI, keys));
    List<Stage> stages = new ArrayList<>();
    for (int i = HEAD; i < answer.size(); i += PER_STAGE) {
      // What is not an ARN was put there by hand: nobody can be seated on it.
      if (StageArn.isValid(answer.get(i))) {
        stages.add(stage(answer.subList(i, i + PER_STAGE)));
      }
    }
    return new StageLoad(stages, number(answer.get(3)), EntryId.parse(answer.get(2)), age(answer));
  }

  private static Stage stage(List<String> values) {
    Optional<StageMetadata> metadata = StageMetadata.fromJson(values.get(4));
    return new Stage(
        new StageArn(values.get(0)),
        State.valueOf(values.get(1)),
        number(values.get(2)),
        number(values.get(3)),
        metadata.map(StageMetadata::createdAt),
        metadata.map(StageMetadata::autoScaled).orElse(false));
  }

  private static Optional<Duration> age(List<String> answer) {
    long clock = number(answer.get(1));
    return clock <= 0
        ? Optional.empty()
        : Optional.of(
            Duration.between(
                Instant.ofEpochMilli(clock), Instant.ofEpochMilli(number(answer.get(0)))));
  }

  /** What is not there is 0; what somebody damaged reads as impossible: the policy then holds. */
  private static long number(String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
