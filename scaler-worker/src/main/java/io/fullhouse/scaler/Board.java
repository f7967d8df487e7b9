package io.fullhouse.scaler;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the scaler that acts hangs out what it sees and decides: for an operator, and for the seat
 * script, which says why there is no seat. For one thread.
 *
 * <p>Throws what Redis throws, and {@link LeaseLostException} when another scaler acts; a decision
 * that could not be written is written in the next pass.
 */
final class Board {
  private static final LuaScript TELL = LuaScript.load(Board.class, "tell.lua");

  /** Long enough for a person to see what a scaler did that died. */
  private static final Duration STATE_LIFE = Duration.ofHours(1);

  private static final Duration LIMIT_LIFE = Duration.ofMinutes(1);
  private static final String ON_HOLD = "HOLD";

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;
  private final BoardText text;
  private @Nullable ScalingDecision told;

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  Board(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease, BoardText text) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
    this.text = text;
  }

  /**
   * Tells of one pass.
   *
   * @param callsLeft to IVS that could be made at once
   */
  void tell(ScalingDecision decision, ScalingInput input, Observation seen, int callsLeft) {
    Fenced.await(
        TELL.<Long>run(
            redis.commands(),
            ScriptOutputType.INTEGER,
            keys,
            lease.get().orElseThrow(LeaseLostException::new),
            text.state(decision, input, seen, callsLeft),
            Long.toString(STATE_LIFE.toSeconds()),
            limit(decision, input.load()),
            Long.toString(LIMIT_LIFE.toSeconds()),
            decision.equals(told) ? "" : text.decision(decision, input, seen)));
    told = decision;
  }

  /** While stages are on their way it is worth waiting for them. */
  private static String limit(ScalingDecision decision, StageLoad load) {
    if (load.preparing() > 0 || decision instanceof ScalingDecision.ScaleOut) {
      return "";
    }
    return decision.reason() == ScalingDecision.Reason.OPERATOR_HOLD
        ? ON_HOLD
        : decision.limit().map(StageCeiling.Limit::name).orElse("");
  }
}
