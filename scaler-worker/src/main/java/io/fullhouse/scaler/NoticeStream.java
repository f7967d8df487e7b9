package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.awaitNullable;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The notices as they were written, and how many of them are done. Thread-safe; throws what Redis
 * throws.
 */
final class NoticeStream {
  private static final LuaScript SENT = LuaScript.load(NoticeStream.class, "sent.lua");

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;

  /** One of them. */
  record Entry(EntryId id, Map<String, String> fields) {}

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  NoticeStream(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
  }

  /** The last one that is done; what somebody damaged counts as none. */
  EntryId sent() {
    String id = awaitNullable(redis.commands().get(keys.noticesSent()));
    try {
      return id == null ? EntryId.ZERO : EntryId.parse(id);
    } catch (IllegalArgumentException e) {
      return EntryId.ZERO;
    }
  }

  /** Those that follow, the oldest first. */
  List<Entry> after(EntryId id, int atMost) {
    List<StreamMessage<String, String>> messages =
        RedisAnswer.await(
            redis
                .commands()
                .xrange(
                    keys.notices(),
                    Range.from(Range.Boundary.excluding(id.toString()), Range.Boundary.unbounded()),
                    Limit.from(atMost)));
    return messages.stream()
        .map(message -> new Entry(EntryId.parse(message.getId()), message.getBody()))
        .toList();
  }

  /**
   * All up to here are done.
   *
   * @throws LeaseLostException when another scaler acts
   */
  void done(EntryId id) {
    Fenced.await(
        SENT.<String>run(
            redis.commands(),
            ScriptOutputType.VALUE,
            keys,
            lease.get().orElseThrow(LeaseLostException::new),
            id.toString()));
  }
}
