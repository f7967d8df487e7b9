package io.fullhouse.redis;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.EntryId;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.models.stream.ClaimedMessages;
import io.lettuce.core.models.stream.PendingMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream as one consumer of a group, at least once: read, handle, then acknowledge; and
 * takes over what a dead consumer left unacknowledged.
 *
 * <p>{@link #step} does one batch and is for one thread. It throws what Redis throws; nothing is
 * lost by calling it again. A group that vanished (data loss, somebody's FLUSHALL) is made anew.
 */
public final class StreamConsumer implements AutoCloseable {
  /** Longest wait for entries; stays below {@link RedisSettings#COMMAND_TIMEOUT}. */
  public static final Duration BLOCK = Duration.ofSeconds(1);

  /** An entry unacknowledged for so long was left by a consumer that died, or by a failure. */
  public static final Duration CLAIM_AFTER = Duration.ofSeconds(30);

  /** How often an entry is handed over before it is given up. */
  public static final int DELIVERY_LIMIT = 5;

  /** A consumer idle for so long, with nothing pending, is taken off the group's list. */
  private static final Duration FORGET_AFTER = Duration.ofHours(1);

  private static final int BATCH = 100;
  private static final LuaScript FORGET =
      LuaScript.load(StreamConsumer.class, "forget_consumers.lua");
  private static final Logger log = LoggerFactory.getLogger(StreamConsumer.class);

  private final Redis redis;
  private final RedisKeys keys;
  private final String stream;
  private final Consumer<String> consumer;
  private final StreamHandler handler;
  private final InstantSource time;
  private final Redis.Connection<String> blocking;
  private Instant claimDue = Instant.MIN;
  private boolean groupKnown;

  /**
   * @param consumer unique among the living consumers of the group
   * @param time only says when to look for entries of dead consumers again
   */
  public StreamConsumer(
      Redis redis,
      RedisKeys keys,
      String stream,
      String group,
      String consumer,
      StreamHandler handler,
      InstantSource time) {
    this.redis = redis;
    this.keys = keys;
    this.stream = stream;
    this.consumer = Consumer.from(group, consumer);
    this.handler = handler;
    this.time = time;
    this.blocking = redis.connection(StringCodec.UTF8);
  }

  /**
   * Waits for entries, {@link #BLOCK} at most, and handles them.
   *
   * @return how many were handled and acknowledged
   * @throws io.lettuce.core.RedisException when Redis is away or refuses
   */
  public int step() {
    try {
      if (!groupKnown) {
        createGroup();
      }
      int claimed = claimIfDue();
      return claimed + handleAll(read());
    } catch (RedisCommandExecutionException e) {
      if (!isNoGroup(e)) {
        throw e;
      }
      log.warn("group {} of {} has vanished: making it anew", consumer.getGroup(), stream);
      groupKnown = false;
      return 0;
    }
  }

  /**
   * From the beginning of the stream: what was appended between the loss of a group and its return
   * must be seen, and so must what stands there before the first start.
   */
  private void createGroup() {
    try {
      await(
          redis
              .commands()
              .xgroupCreate(
                  StreamOffset.from(stream, "0"),
                  consumer.getGroup(),
                  XGroupCreateArgs.Builder.mkstream()));
      log.info("made group {} of {}", consumer.getGroup(), stream);
    } catch (RedisBusyException e) {
      log.debug("group {} of {} is there", consumer.getGroup(), stream);
    }
    groupKnown = true;
    handler.started();
  }

  @SuppressWarnings("unchecked") // Lettuce takes the offsets as a generic array
  private List<StreamMessage<String, String>> read() {
    RedisFuture<List<StreamMessage<String, String>>> answer =
        blocking
            .commands()
            .xreadgroup(
                consumer,
                XReadArgs.Builder.block(BLOCK).count(BATCH),
                StreamOffset.lastConsumed(stream));
    return await(answer);
  }

  private int claimIfDue() {
    Instant now = time.instant();
    if (now.isBefore(claimDue)) {
      return 0;
    }
    claimDue = now.plus(CLAIM_AFTER);
    int handled = 0;
    String from = "0-0";
    do {
      ClaimedMessages<String, String> claimed =
          await(
              redis
                  .commands()
                  .xautoclaim(
                      stream,
                      new XAutoClaimArgs<String>()
                          .consumer(consumer)
                          .minIdleTime(CLAIM_AFTER)
                          .startId(from)
                          .count(BATCH)));
      handled += handleAll(claimed.getMessages());
      from = claimed.getId();
    } while (!from.equals("0-0"));
    forgetTheDead();
    return handled;
  }

  private void forgetTheDead() {
    await(
        FORGET.<Long>run(
            redis.commands(),
            ScriptOutputType.INTEGER,
            keys,
            stream,
            consumer.getGroup(),
            consumer.getName(),
            Long.toString(FORGET_AFTER.toMillis())));
  }

  private int handleAll(List<StreamMessage<String, String>> messages) {
    List<String> done = new ArrayList<>();
    for (StreamMessage<String, String> message : messages) {
      if (handle(message)) {
        done.add(message.getId());
      }
    }
    if (!done.isEmpty()) {
      await(commands().xack(stream, consumer.getGroup(), done.toArray(String[]::new)));
    }
    return done.size();
  }

  /** Whether the entry may be acknowledged. */
  private boolean handle(StreamMessage<String, String> message) {
    Map<String, String> fields = message.getBody();
    StreamEntry entry;
    try {
      entry = new StreamEntry(EntryId.parse(message.getId()), fields == null ? Map.of() : fields);
    } catch (IllegalArgumentException e) {
      log.warn("entry {} of {} has an id from another time, skipped", message.getId(), stream);
      return true;
    }
    try {
      handler.handle(entry);
      return true;
    } catch (RuntimeException e) {
      if (deliveries(message.getId()) < DELIVERY_LIMIT) {
        log.warn("entry {} of {} failed and will come again: {}", entry.id(), stream, e.toString());
        return false;
      }
      handler.givenUp(entry, e.toString());
      return true;
    }
  }

  private long deliveries(String id) {
    List<PendingMessage> pending =
        await(
            commands().xpending(stream, consumer.getGroup(), Range.create(id, id), Limit.from(1)));
    return pending.isEmpty() ? DELIVERY_LIMIT : pending.get(0).getRedeliveryCount();
  }

  private RedisClusterAsyncCommands<String, String> commands() {
    return redis.commands();
  }

  private static boolean isNoGroup(RedisCommandExecutionException e) {
    String message = String.valueOf(e.getMessage());
    // UNBLOCKED and the like: the key went away, or became another type, during a blocking read.
    return message.startsWith("NOGROUP") || message.startsWith("UNBLOCKED");
  }

  @Override
  public void close() {
    blocking.close();
  }
}
