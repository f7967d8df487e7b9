package io.fullhouse.gateway;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What an operator tells the scaler and the doors, and what the scaler tells an operator: one trip
 * each. Thread-safe. What is set is a key, so it outlives every process; the scaler reads it within
 * a second.
 */
final class OperatorDesk {
  private static final LuaScript OPERATIONS = LuaScript.load(OperatorDesk.class, "operations.lua");

  private final GatewayRedis redis;

  OperatorDesk(GatewayRedis redis) {
    this.redis = redis;
  }

  /** Everything, of one instant. */
  CompletionStage<Operations> look() {
    return redis.<List<Object>>script(OPERATIONS, ScriptOutputType.MULTI).thenApply(Operations::of);
  }

  /**
   * Decisions, newest first.
   *
   * @param before this one; empty for the newest
   */
  CompletionStage<List<StreamMessage<String, String>>> decisions(
      int limit, Optional<EntryId> before) {
    Boundary<String> newest =
        before.map(id -> Boundary.excluding(id.toString())).orElseGet(Boundary::unbounded);
    return redis.call(
        c ->
            c.xrevrange(
                redis.keys().scalerDecisions(),
                Range.from(Boundary.unbounded(), newest),
                Limit.from(limit)));
  }

  /** The scaler decides by itself, or changes nothing. */
  CompletionStage<?> hold(boolean hold) {
    return redis.call(c -> c.set(redis.keys().scalerMode(), hold ? "hold" : "auto"));
  }

  /** Replaces what an operator wanted beforehand. */
  CompletionStage<?> floor(PrewarmSchedule schedule) {
    String key = redis.keys().scalerFloor();
    return schedule.windows().isEmpty()
        ? redis.call(c -> c.del(key))
        : redis.call(c -> c.set(key, schedule.toJson()));
  }

  CompletionStage<?> openDoors() {
    return redis.call(c -> c.del(redis.keys().doors()));
  }

  CompletionStage<?> closeDoors(ClosedDoors said) {
    return redis.call(c -> c.set(redis.keys().doors(), said.toJson()));
  }

  /** The broadcast has not ended, and will not by itself. */
  CompletionStage<?> callOffEnd() {
    return redis.call(c -> c.del(redis.keys().broadcastEnd()));
  }
}
