package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore;
import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What the services do with Redis, by their own scripts and in a time that is given: fast enough
 * for a large audience. For one thread.
 */
final class MobileHouse {
  static final int CAPACITY = 9_500;
  static final List<String> STAGES = List.of(stage("A"), stage("B"), stage("C"));

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int PER_CALL = 250;
  private static final long PER_DRAIN = 200;
  private static final int PER_SWEEP = 500;
  private static final int AT_ONCE = 10;
  private static final String LEASE = "1|scaler";
  private static final LuaScript BEATS = LuaScript.load(MobileHouse.class, "beats.lua");

  private final Redis redis;
  private final RedisKeys keys;
  private final SeatScripts scripts = SeatScripts.load();
  private final PresenceStore store;
  private long now = 1_795_348_800_000L;
  private long appended;
  private long credits;

  /** What a client holds. */
  record Seat(String user, String stage, String participant, String admission) {}

  MobileHouse(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.store = new PresenceStore(redis, keys, TIMEOUT, PresenceStore.Scripts.load());
  }

  /** Registers its stages. */
  void open() {
    RedisAnswer.await(redis.commands().set(keys.scalerLease(), LEASE));
    for (String stage : STAGES) {
      RedisAnswer.await(
          scripts
              .stage()
              .<String>run(
                  redis.commands(),
                  ScriptOutputType.VALUE,
                  keys,
                  LEASE,
                  stage,
                  "open",
                  "",
                  "",
                  ""));
    }
  }

  static RedisKeys keys() {
    return RedisKeys.of(new Broadcast(new BroadcastId("mobile"), "mobile:"));
  }

  private static String stage(String id) {
    return "arn:aws:ivs:us-east-1:123456789012:stage/" + id;
  }

  /** Epoch milliseconds of its clock. */
  long now() {
    return now;
  }

  void pass(Duration time) {
    now += time.toMillis();
  }

  /** A gateway listens. */
  void tick() {
    append("tick", "", "gw-1", "", "");
  }

  void leave(Seat seat) {
    append("leave", seat.stage(), seat.user(), seat.participant(), seat.admission());
  }

  private void append(String type, String stage, String user, String participant, String a) {
    appended++;
    Object[] fields = {"t", type, "s", stage, "u", user, "p", participant, "v", "1", "a", a};
    var unused = redis.commands().xadd(keys.events(), new XAddArgs().id(now + "-*"), fields);
  }

  /** Says of each whether it was found where it says. */
  List<Boolean> beat(List<Seat> seats) {
    List<CompletionStage<String>> calls = new ArrayList<>();
    for (int from = 0; from < seats.size(); from += PER_CALL) {
      List<String> arguments = new ArrayList<>(List.of(Long.toString(now)));
      for (Seat seat : seats.subList(from, Math.min(seats.size(), from + PER_CALL))) {
        arguments.addAll(List.of(seat.stage(), seat.user(), seat.participant(), seat.admission()));
      }
      calls.add(
          BEATS.run(
              redis.commands(), ScriptOutputType.VALUE, keys, arguments.toArray(String[]::new)));
    }
    appended += seats.size();
    List<Boolean> found = new ArrayList<>();
    for (CompletionStage<String> call : calls) {
      RedisAnswer.await(call).chars().forEach(c -> found.add(c == '1'));
    }
    return found;
  }

  /** The seat script's answer, when it comes. */
  CompletionStage<List<Object>> seat(SeatHouse.Ask ask) {
    appended++;
    return scripts
        .seat()
        .run(
            redis.commands(),
            ScriptOutputType.MULTI,
            keys,
            Long.toString(now),
            ask.why(),
            ask.user(),
            ask.participant(),
            ask.admission(),
            ask.only(),
            ask.prefer(),
            ask.avoid(),
            ask.bound(),
            ask.nonce(),
            Integer.toString(CAPACITY),
            "10000",
            "0",
            ask.proven() ? "1" : "0",
            "r");
  }

  /** Folds all there is; some calls at a time are under way. */
  void fold() {
    Drained last;
    do {
      List<CompletionStage<Drained>> drains = new ArrayList<>();
      for (long left = appended; left >= 0 && drains.size() < AT_ONCE; left -= PER_DRAIN) {
        drains.add(store.drain());
      }
      appended = Math.max(0, appended - AT_ONCE * PER_DRAIN);
      last = RedisAnswer.await(drains.get(0));
      for (CompletionStage<Drained> drain : drains) {
        last = RedisAnswer.await(drain);
        assertThat(last.status()).isEqualTo(Status.OK);
        assertThat(last.deadLetters()).isZero();
      }
    } while (last.folded() == PER_DRAIN);
    appended = 0;
  }

  /** Has the log say who is silent; says whom it named. */
  List<String> sweep() {
    String before = RedisAnswer.await(redis.commands().get(keys.position()));
    for (long lookedAt = PER_SWEEP; lookedAt == PER_SWEEP; ) {
      List<Object> swept = RedisAnswer.await(sweepOnce());
      lookedAt = (Long) swept.get(0);
      credits += (Long) swept.get(2);
    }
    List<StreamMessage<String, String>> named =
        RedisAnswer.await(
            redis
                .commands()
                .xrange(
                    keys.events(), Range.from(Boundary.excluding(before), Boundary.unbounded())));
    appended += named.size();
    return named.stream()
        .map(StreamMessage::getBody)
        .filter(entry -> "expire".equals(entry.get("t")))
        .map(entry -> entry.getOrDefault("u", ""))
        .toList();
  }

  private CompletionStage<List<Object>> sweepOnce() {
    return scripts
        .sweep()
        .run(
            redis.commands(),
            ScriptOutputType.MULTI,
            keys,
            Long.toString(now),
            Integer.toString(PER_SWEEP),
            Long.toString(TIMEOUT.toMillis()),
            "0.2",
            "5",
            "600000");
  }

  /** How often everybody was given another timeout instead. */
  long credits() {
    return credits;
  }

  /** Who is present, and on which stage. */
  Map<String, String> present() {
    return RedisAnswer.await(redis.commands().hgetall(keys.viewerSeat()));
  }

  /** The numbers as any reader sees them: the total, then each stage's. */
  List<Long> numbers() {
    String[] names = new String[STAGES.size() + 1];
    names[0] = keys.totalViewers();
    for (int i = 0; i < STAGES.size(); i++) {
      names[i + 1] = keys.viewers(new StageArn(STAGES.get(i)));
    }
    return RedisAnswer.await(redis.commands().mget(names)).stream()
        .map(value -> Long.valueOf(value.getValueOrElse("0")))
        .toList();
  }
}
