package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec;
import io.fullhouse.model.EventCodec.Decoded;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code events} stream as bytes, as the fold does. Thread-safe; every call waits for
 * Redis, bounded by the connection's timeout.
 */
final class EventLog implements AutoCloseable {
  private static final RedisCodec<String, byte[]> BYTES =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final int PAGE = 2_000;

  private final Redis.Connection<byte[]> connection;
  private final RedisKeys keys;

  EventLog(Redis redis, RedisKeys keys) {
    this.connection = redis.connection(BYTES);
    this.keys = keys;
  }

  /** An entry and what its fields turned out to be. */
  record Entry(EntryId id, Decoded decoded) {}

  /**
   * What Redis knows of the stream.
   *
   * @param length entries held
   * @param added entries ever added; more than {@code length} once some were trimmed or deleted
   * @param first the first entry held; null when there is none
   * @param lastGenerated the newest id ever given
   */
  record Extent(long length, long added, @Nullable EntryId first, EntryId lastGenerated) {
    static final Extent EMPTY = new Extent(0, 0, null, EntryId.ZERO);

    boolean beginsAtFirstEntry() {
      return added == length;
    }
  }

  /** Up to a page of the entries behind {@code after}, up to and including {@code upTo}. */
  List<Entry> read(EntryId after, EntryId upTo) {
    CommandArgs<String, byte[]> arguments =
        new CommandArgs<>(BYTES)
            .addKey(keys.events())
            .add("(" + after)
            .add(upTo.toString())
            .add(CommandKeyword.COUNT)
            .add(PAGE);
    List<Object> reply =
        RedisAnswer.await(
            connection
                .commands()
                .dispatch(CommandType.XRANGE, new NestedMultiOutput<>(BYTES), arguments));
    List<Entry> entries = new ArrayList<>(reply.size());
    for (Object entry : reply) {
      List<?> parts = (List<?>) entry;
      List<byte[]> fields = ((List<?>) parts.get(1)).stream().map(byte[].class::cast).toList();
      entries.add(new Entry(EntryId.parse(text(parts.get(0))), EventCodec.decode(fields)));
    }
    return entries;
  }

  /** How much of the log is there. */
  Extent extent() {
    if (RedisAnswer.await(connection.commands().exists(keys.events())) == 0) {
      return Extent.EMPTY;
    }
    Map<String, Object> info = new HashMap<>();
    List<Object> reply = RedisAnswer.await(connection.commands().xinfoStream(keys.events()));
    for (int i = 0; i + 1 < reply.size(); i += 2) {
      info.put(text(reply.get(i)), reply.get(i + 1));
    }
    Object first = info.get("first-entry");
    return new Extent(
        number(info, "length"),
        number(info, "entries-added"),
        first instanceof List<?> entry ? EntryId.parse(text(entry.get(0))) : null,
        EntryId.parse(text(info.get("last-generated-id"))));
  }

  /** Bytes the stream takes, estimated by Redis from a few of its nodes. */
  long bytes() {
    Long bytes = RedisAnswer.awaitNullable(connection.commands().memoryUsage(keys.events()));
    return bytes == null ? 0 : bytes;
  }

  /** The connection that carries bytes, for what is stored compressed. */
  Redis.Connection<byte[]> connection() {
    return connection;
  }

  private static long number(Map<String, Object> info, String name) {
    return info.get(name) instanceof Long value ? value : 0;
  }

  private static String text(@Nullable Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.US_ASCII)
        : String.valueOf(reply);
  }

  @Override
  public void close() {
    connection.close();
  }
}
