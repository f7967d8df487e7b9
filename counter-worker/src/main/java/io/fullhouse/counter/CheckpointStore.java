package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The stored checkpoints, and the trimming that only they allow. Thread-safe.
 *
 * <p>A checkpoint is a pure function of the log, so it does not matter which worker writes it, or
 * whether two do.
 */
final class CheckpointStore {
  private static final LuaScript TRIM = LuaScript.load(CheckpointStore.class, "trim.lua");

  private final Redis redis;
  private final EventLog log;
  private final RedisKeys keys;

  CheckpointStore(Redis redis, EventLog log, RedisKeys keys) {
    this.redis = redis;
    this.log = log;
    this.keys = keys;
  }

  /** The entries for which a checkpoint is stored, oldest first. */
  NavigableSet<EntryId> ids() {
    NavigableSet<EntryId> ids = new TreeSet<>();
    for (String id : RedisAnswer.await(redis.commands().hkeys(keys.checkpoints()))) {
      ids.add(EntryId.parse(id));
    }
    return ids;
  }

  /**
   * The state at a checkpoint; empty when it is gone meanwhile.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  Optional<PresenceModel> read(EntryId id) {
    byte[] bytes =
        RedisAnswer.awaitNullable(
            log.connection().commands().hget(keys.checkpoints(), id.toString()));
    return Optional.ofNullable(bytes).map(Checkpoint::read);
  }

  /**
   * Stores the model's state under its position.
   *
   * @return compressed bytes
   */
  int write(PresenceModel model) {
    byte[] bytes = Checkpoint.write(model);
    RedisAnswer.await(
        log.connection().commands().hset(keys.checkpoints(), model.position().toString(), bytes));
    return bytes.length;
  }

  /** Forgets all of them: they belong to a log that is gone. */
  void clear() {
    RedisAnswer.await(redis.commands().del(keys.checkpoints()));
  }

  /**
   * Drops the log's entries up to a checkpoint, and the older checkpoints; refuses anything else.
   */
  long trimTo(EntryId checkpoint) {
    long removed = 0;
    while (true) {
      Long step =
          RedisAnswer.await(
              TRIM.<Long>run(
                  redis.commands(), ScriptOutputType.INTEGER, keys, checkpoint.toString()));
      if (step == 0) {
        return removed;
      }
      removed += step;
    }
  }

  /** Whether this worker is the one to write checkpoints for the next while. */
  boolean acquireTurn(String worker, Duration turn) {
    String answer =
        RedisAnswer.awaitNullable(
            redis
                .commands()
                .set(keys.checkpointLease(), worker, SetArgs.Builder.nx().px(turn.toMillis())));
    return answer != null;
  }
}
