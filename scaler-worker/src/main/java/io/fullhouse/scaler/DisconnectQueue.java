package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.StageArn;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Participants that are to be disconnected, as the steps that made them unwanted wrote them down.
 * Thread-safe; throws what Redis throws, and {@link LeaseLostException}, having written nothing,
 * when another scaler acts.
 *
 * <p>Nobody is taken out before it is done, so a scaler that is killed loses nothing: the next one
 * makes the call once more, which IVS does not mind.
 */
final class DisconnectQueue {
  static final LuaScript UNWANTED = LuaScript.load(DisconnectQueue.class, "unwanted.lua");
  private static final LuaScript WRITE = LuaScript.load(DisconnectQueue.class, "disconnects.lua");

  /** A page that is loaded anew leaves its old stage by itself. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** By then IVS was listed several times. */
  private static final Duration GIVEN_UP = Duration.ofHours(1);

  /** IVS Real-Time API reference, CreateParticipantToken: duration, 14 days at most. */
  private static final Duration TOKENS_END = Duration.ofDays(14);

  private static final int AT_ONCE = 20;

  /** Redis serves others between two parts. */
  private static final int PART = 500;

  private final Redis redis;
  private final RedisKeys keys;
  private final Supplier<Optional<String>> lease;
  private final LuaScript unwanted;
  private volatile Waiting waiting = Waiting.NOBODY;

  /** How many wait, by why. */
  record Waiting(long banned, long superseded, long expired) {
    static final Waiting NOBODY = new Waiting(0, 0, 0);
  }

  /**
   * Whose turn it is.
   *
   * @param banned users who were banned or kicked, and whom to search for; they go first
   * @param superseded also of those who expired and are still connected
   */
  record Due(List<Unwanted> banned, List<Unwanted> superseded) {}

  /** What became of one. The names are those of {@code disconnects.lua}. */
  enum Outcome {
    CUT,
    SEARCHED,
    DROP,
    FOUND,
    THERE;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param lease the fencing token of this scaler while it may act
   */
  DisconnectQueue(Redis redis, RedisKeys keys, Supplier<Optional<String>> lease) {
    this(redis, keys, lease, UNWANTED);
  }

  /** With another script: how tests drop a rule. */
  DisconnectQueue(
      Redis redis, RedisKeys keys, Supplier<Optional<String>> lease, LuaScript unwanted) {
    this.redis = redis;
    this.keys = keys;
    this.lease = lease;
    this.unwanted = unwanted;
  }

  /** The first few; whoever is wanted again is no longer among them. */
  Due due() {
    List<Object> reply =
        Fenced.await(
            unwanted.<List<Object>>run(
                redis.commands(),
                ScriptOutputType.MULTI,
                keys,
                token(),
                Integer.toString(AT_ONCE),
                Long.toString(GRACE.toMillis()),
                Long.toString(GIVEN_UP.toMillis()),
                Long.toString(TOKENS_END.toMillis())));
    waiting = new Waiting((Long) reply.get(0), (Long) reply.get(1), (Long) reply.get(2));
    Due due = new Due(new ArrayList<>(), new ArrayList<>());
    for (int i = 3; i + 1 < reply.size(); i += 2) {
      String member = (String) reply.get(i + 1);
      List<Unwanted> queue = reply.get(i).equals("banned") ? due.banned() : due.superseded();
      Unwanted.of(member).ifPresentOrElse(queue::add, () -> write(Outcome.DROP, List.of(member)));
    }
    return due;
  }

  /** At the last look of this scaler. */
  Waiting waiting() {
    return waiting;
  }

  /** Who was superseded on this stage up to then, or was there after it had expired. */
  List<Unwanted> superseded(StageArn stage, Instant until) {
    return waitingOn(stage, until, keys.disconnectSuperseded());
  }

  /** Who expired on this stage up to then. */
  List<Unwanted> expired(StageArn stage, Instant until) {
    return waitingOn(stage, until, keys.disconnectExpired());
  }

  private List<Unwanted> waitingOn(StageArn stage, Instant until, String queue) {
    String prefix = stage + "|";
    List<Unwanted> found = new ArrayList<>();
    long position = 0;
    List<String> part;
    do {
      part =
          await(
              redis
                  .commands()
                  .zrangebyscore(
                      queue,
                      Range.create(Double.NEGATIVE_INFINITY, (double) until.toEpochMilli()),
                      Limit.create(position, PART)));
      part.stream()
          .filter(member -> member.startsWith(prefix))
          .forEach(member -> Unwanted.of(member).ifPresent(found::add));
      position += part.size();
    } while (part.size() == PART);
    return found;
  }

  /** Writes down what became of them. */
  void write(Outcome outcome, List<String> members) {
    for (int from = 0; from < members.size(); from += PART) {
      List<String> arguments = new ArrayList<>();
      arguments.add(token());
      for (String member : members.subList(from, Math.min(from + PART, members.size()))) {
        arguments.add(outcome.wireName());
        arguments.add(member);
      }
      Fenced.await(
          WRITE.<Long>run(
              redis.commands(), ScriptOutputType.INTEGER, keys, arguments.toArray(String[]::new)));
    }
  }

  private String token() {
    return lease.get().orElseThrow(LeaseLostException::new);
  }
}
