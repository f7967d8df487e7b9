package io.fullhouse.deploy;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The real scripts on a real Redis, in a time that is given, and the story so far. Each call and
 * the state after it are one trip. For one thread.
 */
final class SeatHouse implements AutoCloseable {
  static final int CAPACITY = 3;
  static final String[] STAGES = {stage("A"), stage("B"), stage("C")};
  private static final long HOLD = 10_000;
  private static final String LEASE = "1|scaler";
  private static final String TIMEOUT = "60000";

  private static final LuaScript REMOVE =
      LuaScript.ofSource("return redis.call('DEL', unpack(redis.call('KEYS', KEYS[1] .. '*')))");

  private final Redis redis;
  private final RedisKeys keys;
  private final SeatScripts scripts;
  private final List<String> steps = new ArrayList<>();
  private long now = 1_795_348_800_000L;
  private SeatState state;

  /** What a caller of the seat script says; what it leaves out is empty. */
  record Ask(
      String why,
      String user,
      String participant,
      String admission,
      String only,
      String prefer,
      String avoid,
      String bound,
      String nonce,
      boolean proven) {}

  /**
   * @param name no other house of this Redis has it
   */
  SeatHouse(String name, Redis redis, SeatScripts scripts) {
    this.redis = redis;
    this.keys = RedisKeys.of(new Broadcast(new BroadcastId(name), name + ":"));
    this.scripts = scripts;
    RedisAnswer.await(redis.commands().set(keys.scalerLease(), LEASE));
    this.state = RedisAnswer.await(SeatState.read(redis, keys, STAGES));
  }

  private static String stage(String id) {
    return "arn:aws:ivs:us-east-1:123456789012:stage/" + id;
  }

  /** Removes everything. */
  @Override
  public void close() {
    RedisAnswer.await(REMOVE.<Long>run(redis.commands(), ScriptOutputType.INTEGER, keys));
  }

  /** The keys after the latest call. */
  SeatState state() {
    return state;
  }

  void pass(long millis) {
    now += millis;
  }

  List<Object> seat(Ask ask) {
    return answered(
        run(
            "seat",
            scripts.seat(),
            ScriptOutputType.MULTI,
            time(),
            ask.why(),
            ask.user(),
            ask.participant(),
            ask.admission(),
            ask.only(),
            ask.prefer(),
            ask.avoid(),
            ask.bound(),
            ask.nonce(),
            "" + CAPACITY,
            "" + HOLD,
            "0",
            ask.proven() ? "1" : "0",
            "r"));
  }

  /** Bans or kicks; {@code until} in epoch ms, 0 for ever. */
  void moderate(String act, String user, long until) {
    answered(
        run(
            "ban",
            scripts.ban(),
            ScriptOutputType.MULTI,
            time(),
            act,
            user,
            "" + until,
            "",
            "ivs-" + user,
            "86400000",
            "r"));
  }

  void unban(String user) {
    answered(run("unban", scripts.unban(), ScriptOutputType.INTEGER, time(), user, "r"));
  }

  long now() {
    return now;
  }

  void release(String user, String nonce) {
    answered(run("release", scripts.release(), ScriptOutputType.INTEGER, user, nonce));
  }

  /** Opens a stage, closes its doors or unregisters it; answers what it is afterwards. */
  String register(String stage, String wanted) {
    return answered(
        run("stage", scripts.stage(), ScriptOutputType.VALUE, LEASE, stage, wanted, "", "", ""));
  }

  List<Object> drain(int count) {
    return answered(draining(count));
  }

  void sweep() {
    answered(sweeping());
  }

  void tick() {
    answered(ticking());
  }

  void append(String type, String stage, String user, String participant, String admission) {
    answered(xadd("t", type, "s", stage, "u", user, "p", participant, "v", "1", "a", admission));
  }

  /** Rounds of twelve seconds in which nobody is heard: ticks, a drain and a sweep; one trip. */
  void silence(int rounds) {
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      now += 6_000;
      calls.add(ticking());
      now += 6_000;
      calls.add(ticking());
      calls.add(draining(200));
      calls.add(sweeping());
    }
    answered(draining(200));
    calls.forEach(RedisAnswer::await);
  }

  private CompletionStage<List<Object>> draining(int count) {
    return run(
        "drain",
        scripts.drain(),
        ScriptOutputType.MULTI,
        "" + count,
        TIMEOUT,
        "6000",
        "120000",
        "100",
        "604800");
  }

  private CompletionStage<List<Object>> sweeping() {
    return run(
        "sweep",
        scripts.sweep(),
        ScriptOutputType.MULTI,
        time(),
        "500",
        TIMEOUT,
        "0.2",
        "5",
        "600000");
  }

  private CompletionStage<String> ticking() {
    return xadd("t", "tick", "s", "", "u", "gw-1", "p", "", "v", "1");
  }

  private CompletionStage<String> xadd(Object... fields) {
    steps.add("xadd " + time() + " " + List.of(fields));
    return redis.commands().xadd(keys.events(), new XAddArgs().id(time() + "-*"), fields);
  }

  private <T> CompletionStage<T> run(
      String name, LuaScript script, ScriptOutputType output, String... arguments) {
    steps.add(name + " " + List.of(arguments));
    return script.run(redis.commands(), output, keys, arguments);
  }

  private <T> T answered(CompletionStage<T> call) {
    CompletionStage<SeatState> after = SeatState.read(redis, keys, STAGES);
    T answer = RedisAnswer.await(call);
    state = RedisAnswer.await(after);
    steps.add("  " + answer);
    return answer;
  }

  private String time() {
    return Long.toString(now);
  }

  /** Every call and its answer. */
  String story() {
    return String.join("\n", steps) + "\n";
  }
}
