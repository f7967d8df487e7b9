package io.fullhouse.counter;

import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The viewer keys: runs the scripts that fold, sweep and photograph them. Thread-safe; each call is
 * one atomic step in Redis, and safe to repeat.
 */
public final class PresenceStore {
  /** Entries a drain: about 2 ms of Redis, so that other clients' 99th percentile stays flat. */
  static final int BATCH = 200;

  private static final int SWEEP_LIMIT = 500;

  /** The brake: above this share of those looked at, and from this many on. */
  private static final String BRAKE_SHARE = "0.2";

  private static final String BRAKE_MINIMUM = "5";

  /** How long those who left are remembered: longer than any heartbeat can be late. */
  private static final Duration CLOSED_FOR = Duration.ofMinutes(10);

  private final Redis redis;
  private final RedisKeys keys;
  private final Duration timeout;
  private final Scripts scripts;

  /** The scripts of a store, so that a test can change a rule and see what breaks. */
  public record Scripts(LuaScript drain, LuaScript sweep, LuaScript snapshot) {
    public static Scripts load() {
      return new Scripts(
          LuaScript.load(PresenceStore.class, "drain.lua"),
          LuaScript.load(PresenceStore.class, "sweep.lua"),
          LuaScript.load(PresenceStore.class, "snapshot.lua"));
    }
  }

  /**
   * A store of one broadcast.
   *
   * @param timeout of silence, after which a viewer expires
   */
  public PresenceStore(Redis redis, RedisKeys keys, Duration timeout, Scripts scripts) {
    this.redis = redis;
    this.keys = keys;
    this.timeout = timeout;
    this.scripts = scripts;
  }

  /** What became of a drain. */
  public enum Status {
    OK,
    /** The stream was replaced by one that starts earlier: the fold begins again. */
    REPLACED,
    /** The next entry is a version ahead: a newer worker has to go on. */
    VERSION,
    /** Redis refused in the middle; nothing is lost, and the next drain goes on. */
    STOPPED
  }

  /**
   * The outcome of one drain.
   *
   * @param status how it ended
   * @param folded how many entries
   * @param position the last folded entry
   * @param deadLetters how many of them could not be read
   * @param reason why it stopped, else empty
   */
  public record Drained(
      Status status, int folded, EntryId position, int deadLetters, String reason) {}

  /**
   * The outcome of one sweep.
   *
   * @param lookedAt viewers whose deadline had passed
   * @param expired how many of them the log now calls silent
   * @param braked whether everybody got another timeout instead
   * @param lapsed reservations and unreadable joins whose seats were freed
   * @param unheard of the expired, those who were never heard of since they joined
   */
  public record Swept(int lookedAt, int expired, boolean braked, int lapsed, int unheard) {
    boolean mayHaveMore() {
      return lookedAt == SWEEP_LIMIT && !braked;
    }
  }

  /** Folds the next entries of the log. */
  public CompletionStage<Drained> drain() {
    return scripts
        .drain()
        .<List<Object>>run(
            redis.commands(),
            ScriptOutputType.MULTI,
            keys,
            Integer.toString(BATCH),
            millis(timeout),
            millis(FoldRules.TICK_GAP),
            millis(FoldRules.FORGIVE_ONCE_IN),
            Integer.toString(FoldRules.HISTORY_KEPT),
            Long.toString(FoldRules.HISTORY_KEPT_FOR.toSeconds()))
        .thenApply(PresenceStore::drained);
  }

  private static Drained drained(List<Object> reply) {
    return new Drained(
        Status.valueOf((String) reply.get(0)),
        number(reply.get(1)),
        EntryId.parse((String) reply.get(2)),
        number(reply.get(3)),
        reply.size() > 4 ? (String) reply.get(4) : "");
  }

  /** Looks at the viewers whose deadline has passed, by Redis's clock. */
  public CompletionStage<Swept> sweep() {
    return sweep("");
  }

  /**
   * @param now epoch milliseconds, or empty for Redis's clock
   */
  CompletionStage<Swept> sweep(String now) {
    return scripts
        .sweep()
        .<List<Object>>run(
            redis.commands(),
            ScriptOutputType.MULTI,
            keys,
            now,
            Integer.toString(SWEEP_LIMIT),
            millis(timeout),
            BRAKE_SHARE,
            BRAKE_MINIMUM,
            millis(CLOSED_FOR))
        .thenApply(
            reply ->
                new Swept(
                    number(reply.get(0)),
                    number(reply.get(1)),
                    number(reply.get(2)) == 1,
                    number(reply.get(3)),
                    number(reply.get(4))));
  }

  /** The fold's own state, and with {@code viewersAtMost} or fewer also everybody present. */
  CompletionStage<List<Object>> snapshot(int viewersAtMost) {
    return scripts
        .snapshot()
        .run(redis.commands(), ScriptOutputType.MULTI, keys, "", Integer.toString(viewersAtMost));
  }

  /** The viewers of one stage. */
  CompletionStage<List<Object>> snapshot(String stage) {
    return scripts.snapshot().run(redis.commands(), ScriptOutputType.MULTI, keys, stage, "0");
  }

  private static int number(Object reply) {
    return Math.toIntExact((Long) reply);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
