package io.fullhouse.scaler;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells facts that stay for a while: each once, however often it is seen, and by however many
 * scalers one after another. Thread-safe; throws what Redis throws, and {@link LeaseLostException},
 * having written nothing, when another scaler acts.
 */
final class NoticeBoard {
  private static final LuaScript NOTICE = LuaScript.load(NoticeBoard.class, "notice.lua");

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;

  /**
   * A fact as it is now.
   *
   * @param value told when it changes; empty when all is as usual, which is told only as an end
   */
  record Fact(String name, String value, Notice notice) {}

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  NoticeBoard(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
  }

  /** Tells those that changed; one trip. */
  void tell(List<Fact> facts) {
    List<String> arguments = new ArrayList<>();
    arguments.add(lease.get().orElseThrow(LeaseLostException::new));
    for (Fact fact : facts) {
      arguments.addAll(List.of(fact.name(), fact.value(), fact.notice().toJson()));
    }
    Fenced.await(
        NOTICE.<Long>run(
            redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(new String[0])));
  }
}
