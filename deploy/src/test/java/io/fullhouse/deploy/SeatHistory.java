package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One random history of clients, gateways, counters and a scaler on the real scripts, with every
 * invariant checked after each step. Time is given, so that it can pass at will.
 */
final class SeatHistory {
  private static final int CAPACITY = 3;
  private static final long HOLD = 10_000;
  private static final long TIMEOUT = 60_000;
  private static final String[] USERS = {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"};
  private static final String[] STAGES = {stage("A"), stage("B"), stage("C")};

  private final long seed;
  private final Random random;
  private final Redis redis;
  private final RedisKeys keys;
  private final SeatScripts scripts;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Seat> seats = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private long now = 1_795_348_800_000L;
  private long lastTick;
  private int names;

  /** Stages that may hold more than their capacity: viewers were healed, or seated by hand. */
  private final Set<String> overfull = new HashSet<>();

  /** A seat that is held while a token is fetched. */
  private record Pending(String user, String stage, String nonce, String admission, String why) {}

  /** What a client keeps. */
  private record Seat(String user, String stage, String participant, String admission) {}

  SeatHistory(long seed, Redis redis, RedisKeys keys, SeatScripts scripts) {
    this.seed = seed;
    this.random = new Random(seed);
    this.redis = redis;
    this.keys = keys;
    this.scripts = scripts;
  }

  private static String stage(String id) {
    return "arn:aws:ivs:us-east-1:123456789012:stage/" + id;
  }

  /** Runs it; an {@link AssertionError} names the seed and the steps. */
  void run(int length) {
    RedisAnswer.await(redis.commands().flushall());
    register(STAGES[0], "open");
    register(STAGES[1], "open");
    for (int i = 0; i < length; i++) {
      step();
      now += random.nextInt(random.nextInt(10) == 0 ? 9_000 : 800);
      check();
    }
    theShowEnds();
  }

  private void step() {
    int kind = random.nextInt(100);
    if (kind < 22) {
      join();
    } else if (kind < 36) {
      tokenArrives();
    } else if (kind < 40) {
      tokenRefused();
    } else if (kind < 42) {
      gatewayKilled();
    } else if (kind < 52) {
      heartbeat();
    } else if (kind < 62) {
      leave();
    } else if (kind < 68) {
      rejoin();
    } else if (kind < 86) {
      drain();
    } else if (kind < 90) {
      tick();
    } else if (kind < 93) {
      sweep();
    } else if (kind < 94) {
      joinByHand();
    } else if (kind < 98) {
      register(any(STAGES), any(new String[] {"open", "closing", "closed"}));
    } else {
      repeatEverythingPending();
    }
  }

  private void join() {
    String user = any(USERS);
    boolean selfSigned = random.nextInt(4) == 0;
    String participant = selfSigned ? name("p") : "";
    String admission = name("a");
    String nonce = name("n");
    String prefer = random.nextInt(4) == 0 ? any(STAGES) : "";
    SeatState before = state();
    List<Object> answer =
        seat("join", user, participant, admission, "", prefer, "", "", nonce, false);
    checkAdmission(before, user, prefer, "", answer);
    String stage = (String) answer.get(1);
    if (outcome(answer).equals("HELD")) {
      pending.add(new Pending(user, stage, nonce, admission, "join"));
    } else if (outcome(answer).equals("TAKEN")) {
      seats.add(new Seat(user, stage, participant, admission));
      // The moment at which a stage may look empty: its last viewer has a seat elsewhere, not yet
      // folded.
      List.copyOf(before.closing().keySet()).forEach(closing -> register(closing, "closed"));
    }
  }

  private void tokenArrives() {
    if (pending.isEmpty()) {
      return;
    }
    Pending p = pending.remove(random.nextInt(pending.size()));
    String participant = name("p");
    SeatState before = state();
    List<Object> answer = commit(p, participant);
    checkAdmission(before, p.user(), "", p.stage(), answer);
    if (outcome(answer).equals("TAKEN")) {
      seats.add(new Seat(p.user(), p.stage(), participant, p.admission()));
      if (random.nextInt(3) == 0) { // the connection was lost, and the client sends it again
        List<Object> again = commit(p, participant);
        assertThat(outcome(again)).as(this::story).isIn("TAKEN", "CLOSED");
        assertThat(again.get(2)).as(this::story).isEqualTo(answer.get(2));
      }
    }
  }

  private List<Object> commit(Pending p, String participant) {
    return seat(
        p.why(),
        p.user(),
        participant,
        p.admission(),
        p.stage(),
        "",
        "",
        p.stage(),
        p.nonce(),
        p.why().equals("rejoin"));
  }

  private void tokenRefused() {
    if (!pending.isEmpty()) {
      Pending p = pending.remove(random.nextInt(pending.size()));
      SeatState before = state();
      RedisAnswer.await(
          told(scripts.release(), p.user(), p.nonce())
              .<Long>run(redis.commands(), ScriptOutputType.INTEGER, keys, p.user(), p.nonce()));
      String reservation = before.reserved().getOrDefault(p.user(), "");
      if (!reservation.isEmpty() && !reservation.contains("|" + p.nonce() + "|")) {
        assertThat(state().reserved()).as(this::story).containsKey(p.user()); // somebody else's
      }
    }
  }

  private void gatewayKilled() {
    pending.clear();
  }

  private void repeatEverythingPending() {
    pending.forEach(p -> commit(p, name("p")));
  }

  private void heartbeat() {
    if (seats.isEmpty()) {
      return;
    }
    Seat s = seats.get(random.nextInt(seats.size()));
    append("heartbeat", s);
    SeatState before = state();
    List<Object> answer =
        seat(
            "heal",
            s.user(),
            s.participant(),
            s.admission(),
            s.stage(),
            "",
            "",
            s.stage(),
            "heal",
            true);
    assertThat(outcome(answer))
        .as(this::story)
        .isIn("TAKEN", "HERE", "SUPERSEDED", "CLOSED", "GONE", "RECOVERING");
    if (outcome(answer).equals("TAKEN")) {
      overfull.add(s.stage());
    }
    if (!before.home(s.user()).isEmpty()) {
      String expected = before.admission(s.user()).equals(s.admission()) ? "HERE" : "SUPERSEDED";
      assertThat(outcome(answer)).as(this::story).isEqualTo(expected);
    }
  }

  /** By a tool, an older gateway, a replay: a join that asked nobody for a seat. */
  private void joinByHand() {
    Seat seat = new Seat(any(USERS), any(STAGES), name("p"), name("a"));
    overfull.add(seat.stage());
    append("join", seat);
    seats.add(seat);
  }

  private void leave() {
    if (!seats.isEmpty()) {
      append("leave", seats.get(random.nextInt(seats.size())));
    }
  }

  private void rejoin() {
    if (seats.isEmpty()) {
      return;
    }
    Seat s = seats.get(random.nextInt(seats.size()));
    String avoid = random.nextInt(4) == 0 ? s.stage() : "";
    String nonce = name("n");
    SeatState before = state();
    List<Object> answer =
        seat(
            "rejoin",
            s.user(),
            s.participant(),
            s.admission(),
            "",
            s.stage(),
            avoid,
            s.stage(),
            nonce,
            true);
    boolean superseded =
        !before.home(s.user()).isEmpty() && !before.admission(s.user()).equals(s.admission());
    assertThat(outcome(answer).equals("SUPERSEDED")).as(this::story).isEqualTo(superseded);
    if (!superseded) {
      checkAdmission(before, s.user(), avoid, "", answer);
    }
    if (!avoid.isEmpty() && (outcome(answer).equals("HELD") || outcome(answer).equals("TAKEN"))) {
      assertThat(answer.get(1)).as(this::story).isNotEqualTo(avoid);
    }
    if (outcome(answer).equals("HELD")) {
      pending.add(new Pending(s.user(), (String) answer.get(1), nonce, s.admission(), "rejoin"));
    }
  }

  /** Nobody above capacity, and nobody refused while a seat is free. */
  private void checkAdmission(
      SeatState before, String user, String avoidOrPrefer, String only, List<Object> answer) {
    String stage = (String) answer.get(1);
    SeatState after = state();
    if (outcome(answer).equals("TAKEN") || outcome(answer).equals("HELD")) {
      if (!before.held(user).contains(stage)) {
        assertThat(before.taken(stage)).as(this::story).isLessThan(CAPACITY);
        assertThat(after.open()).as(this::story).containsKey(stage);
      }
    } else if (outcome(answer).equals("FULL") && only.isEmpty()) {
      assertThat(
              before.open().entrySet().stream()
                  .filter(e -> !e.getKey().equals(avoidOrPrefer) && e.getValue() < CAPACITY))
          .as(this::story)
          .isEmpty();
      assertThat(before.held(user))
          .as(this::story)
          .doesNotContainAnyElementsOf(openBut(before, avoidOrPrefer));
    }
  }

  private static List<String> openBut(SeatState state, String avoid) {
    List<String> open = new ArrayList<>(state.open().keySet());
    open.remove(avoid);
    return open.isEmpty() ? List.of("none") : open;
  }

  private void register(String stage, String wanted) {
    SeatState before = state();
    String answer =
        RedisAnswer.await(
            told(scripts.stage(), stage, wanted)
                .<String>run(redis.commands(), ScriptOutputType.VALUE, keys, stage, wanted));
    steps.add("  " + answer);
    if (wanted.equals("closed") && answer.equals("closed")) {
      assertThat(before.taken(stage)).as(this::story).isZero();
    }
    if (wanted.equals("closed") && before.taken(stage) > 0) {
      assertThat(answer).as(this::story).isNotEqualTo("closed");
    }
  }

  private void drain() {
    List<Object> answer =
        run(scripts.drain(), "" + (1 + random.nextInt(9)), "60000", "6000", "120000");
    steps.add("  " + answer);
    assertThat(answer.get(0)).as(this::story).isEqualTo("OK");
    assertThat(answer.get(3)).as(this::story).isEqualTo(0L);
  }

  private void sweep() {
    run(scripts.sweep(), time(), "500", "" + TIMEOUT, "0.2", "5", "600000");
  }

  private void tick() {
    lastTick = now;
    xadd("t", "tick", "s", "", "u", "gw-1", "p", "", "v", "1");
  }

  private void append(String type, Seat s) {
    xadd(
        "t",
        type,
        "s",
        s.stage(),
        "u",
        s.user(),
        "p",
        s.participant(),
        "v",
        "1",
        "a",
        s.admission());
  }

  private void xadd(Object... fields) {
    steps.add("xadd " + List.of(fields));
    RedisAnswer.await(
        redis.commands().xadd(keys.events(), new XAddArgs().id(time() + "-*"), fields));
  }

  /** Everybody falls silent: within two timeouts every seat is free again, whatever went before. */
  private void theShowEnds() {
    for (int i = 1; i <= 32; i++) {
      for (int ticks = 0; ticks < 3; ticks++) {
        now += 2_000;
        tick();
      }
      drainAll();
      sweep();
      if (i % 8 == 0) {
        check();
      }
    }
    drainAll();
    SeatState empty = check();
    assertThat(empty.total()).as(this::story).isZero();
    assertThat(empty.open().values()).as(this::story).allMatch(taken -> taken == 0);
    assertThat(empty.closing().values()).as(this::story).allMatch(taken -> taken == 0);
    assertThat(empty.joining()).as(this::story).isEmpty();
    assertThat(empty.reserved()).as(this::story).isEmpty();
  }

  private void drainAll() {
    List<Object> answer;
    do {
      answer = run(scripts.drain(), "200", "60000", "6000", "120000");
    } while ((Long) answer.get(1) > 0);
  }

  private SeatState check() {
    SeatState state = state();
    assertThat(state.violations()).as(this::story).isEmpty();
    for (String stage : STAGES) {
      if (!overfull.contains(stage)) {
        assertThat(state.taken(stage)).as(this::story).isLessThanOrEqualTo(CAPACITY);
      }
    }
    return state;
  }

  private SeatState state() {
    return SeatState.read(redis, keys, STAGES);
  }

  private List<Object> seat(
      String why,
      String user,
      String participant,
      String admission,
      String only,
      String prefer,
      String avoid,
      String bound,
      String nonce,
      boolean proven) {
    List<Object> answer =
        run(
            scripts.seat(),
            time(),
            why,
            user,
            participant,
            admission,
            only,
            prefer,
            avoid,
            bound,
            nonce,
            "" + CAPACITY,
            "" + HOLD,
            "0",
            proven ? "1" : "0",
            "r");
    steps.add("  " + answer);
    return answer;
  }

  private List<Object> run(LuaScript script, String... arguments) {
    return RedisAnswer.await(
        told(script, arguments).run(redis.commands(), ScriptOutputType.MULTI, keys, arguments));
  }

  private LuaScript told(LuaScript script, String... arguments) {
    steps.add(nameOf(script) + " " + List.of(arguments));
    return script;
  }

  private String nameOf(LuaScript script) {
    if (script == scripts.seat()) {
      return "seat";
    } else if (script == scripts.drain()) {
      return "drain";
    } else if (script == scripts.sweep()) {
      return "sweep";
    }
    return script == scripts.stage() ? "stage" : "release";
  }

  private static String outcome(List<Object> answer) {
    return (String) answer.get(0);
  }

  private String time() {
    return Long.toString(now);
  }

  private String name(String kind) {
    return kind + ++names;
  }

  private String any(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String story() {
    return "seed " + seed + ", last tick " + lastTick + "\n" + String.join("\n", steps) + "\n";
  }
}
