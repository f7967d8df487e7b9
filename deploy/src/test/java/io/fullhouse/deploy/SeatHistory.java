package io.fullhouse.deploy;

import static io.fullhouse.deploy.SeatHouse.CAPACITY;
import static io.fullhouse.deploy.SeatHouse.STAGES;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.deploy.SeatHouse.Ask;
import io.fullhouse.redis.Redis;
import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One random history of clients, gateways, counters and a scaler on the real scripts, with every
 * invariant checked after each step.
 */
final class SeatHistory {
  private static final String[] USERS = {"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"};
  private static final int STEPS = 45;
  private static final int AT_A_TIME = 16;

  private final long seed;
  private final Random random;
  private final SeatHouse house;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Seat> seats = new ArrayList<>();
  private int names;

  /** Users, and until when. */
  private final Map<String, Long> bans = new HashMap<>();

  private final Set<String> kicked = new HashSet<>();

  /** Stages that may hold more than their capacity: viewers were healed, or seated by hand. */
  private final Set<String> overfull = new HashSet<>();

  /** A seat that is held while a token is fetched. */
  private record Pending(String user, String stage, String nonce, String admission, String why) {}

  /** What a client keeps. */
  private record Seat(String user, String stage, String participant, String admission) {}

  SeatHistory(long seed, SeatHouse house) {
    this.seed = seed;
    this.random = new Random(seed);
    this.house = house;
  }

  /**
   * Runs those of the seeds from 0 on, several at a time. After the first failure none is begun.
   * Several more than there are processors wait for Redis at a time: it then answers many at once.
   *
   * @throws CompletionException with the failure as its cause
   */
  static void runAll(int histories, Redis redis, SeatScripts scripts) {
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      Runnable some =
          () -> {
            for (int seed; (seed = next.getAndIncrement()) < histories; ) {
              try (SeatHouse house = new SeatHouse("history-" + seed, redis, scripts)) {
                new SeatHistory(seed, house).run(STEPS);
              } catch (AssertionError | RedisException e) {
                next.set(histories);
                throw e;
              }
            }
          };
      CompletableFuture.allOf(
              Stream.generate(() -> CompletableFuture.runAsync(some, threads))
                  .limit(AT_A_TIME)
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } finally {
      threads.shutdown();
    }
  }

  /** Runs it; an {@link AssertionError} names the seed and the steps. */
  void run(int length) {
    register(STAGES[0], "open");
    register(STAGES[1], "open");
    for (int i = 0; i < length; i++) {
      step();
      house.pass(random.nextInt(random.nextInt(10) == 0 ? 9_000 : 800));
      check();
    }
    theShowEnds();
  }

  private void step() {
    int kind = random.nextInt(104);
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
      house.tick();
    } else if (kind < 93) {
      house.sweep();
    } else if (kind < 94) {
      joinByHand();
    } else if (kind < 98) {
      register(any(STAGES), any(new String[] {"open", "closing", "closed"}));
    } else if (kind < 100) {
      repeatEverythingPending();
    } else {
      moderate();
    }
  }

  private void moderate() {
    String user = any(USERS);
    int act = random.nextInt(10);
    SeatState before = house.state();
    if (act < 4) {
      long until = random.nextBoolean() ? 0 : house.now() + 1 + random.nextInt(8_000);
      house.moderate("ban", user, until);
      bans.put(user, until == 0 ? Long.MAX_VALUE : until);
      assertThat(house.state().reserved()).as(this::story).doesNotContainKey(user);
    } else if (act < 7) {
      house.moderate("kick", user, 0);
      kicked.addAll(before.admissions(user));
    } else {
      house.unban(user);
      bans.remove(user);
    }
  }

  /** Asks the seat script, which lets nobody in who is banned or was kicked. */
  private List<Object> ask(Ask ask) {
    List<Object> answer = house.seat(ask);
    boolean banned = isBanned(ask.user());
    assertThat(outcome(answer).equals("BANNED")).as(this::story).isEqualTo(banned);
    assertThat(outcome(answer).equals("KICKED"))
        .as(this::story)
        .isEqualTo(!banned && kicked.contains(ask.admission()));
    return answer;
  }

  private boolean isBanned(String user) {
    return bans.getOrDefault(user, 0L) > house.now();
  }

  private boolean isOut(Seat seat) {
    return isBanned(seat.user()) || kicked.contains(seat.admission());
  }

  private void join() {
    String user = any(USERS);
    boolean selfSigned = random.nextInt(4) == 0;
    String participant = selfSigned ? name("p") : "";
    String admission = name("a");
    String nonce = name("n");
    String prefer = random.nextInt(4) == 0 ? any(STAGES) : "";
    SeatState before = house.state();
    List<Object> answer =
        ask(new Ask("join", user, participant, admission, "", prefer, "", "", nonce, false));
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
    SeatState before = house.state();
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
    return ask(
        new Ask(
            p.why(),
            p.user(),
            participant,
            p.admission(),
            p.stage(),
            "",
            "",
            p.stage(),
            p.nonce(),
            p.why().equals("rejoin")));
  }

  private void tokenRefused() {
    if (!pending.isEmpty()) {
      Pending p = pending.remove(random.nextInt(pending.size()));
      SeatState before = house.state();
      house.release(p.user(), p.nonce());
      String reservation = before.reserved().getOrDefault(p.user(), "");
      if (!reservation.isEmpty() && !reservation.contains("|" + p.nonce() + "|")) {
        assertThat(house.state().reserved())
            .as(this::story)
            .containsKey(p.user()); // somebody else's
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
    SeatState before = house.state();
    List<Object> answer =
        ask(
            new Ask(
                "heal",
                s.user(),
                s.participant(),
                s.admission(),
                s.stage(),
                "",
                "",
                s.stage(),
                "heal",
                true));
    assertThat(outcome(answer))
        .as(this::story)
        .isIn("TAKEN", "HERE", "SUPERSEDED", "CLOSED", "GONE", "RECOVERING", "BANNED", "KICKED");
    if (outcome(answer).equals("TAKEN")) {
      overfull.add(s.stage());
    }
    if (!before.home(s.user()).isEmpty() && !isOut(s)) {
      String expected = before.admission(s.user()).equals(s.admission()) ? "HERE" : "SUPERSEDED";
      assertThat(outcome(answer)).as(this::story).isEqualTo(expected);
    }
  }

  /** By a tool, an older gateway, a replay: a join that asked nobody for a seat. */
  private void joinByHand() {
    Seat seat = new Seat(any(USERS), any(STAGES), name("p"), name("a"));
    overfull.add(seat.stage());
    if (bans.remove(seat.user()) != null) {
      house.unban(seat.user()); // no script keeps such a join out
    }
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
    SeatState before = house.state();
    List<Object> answer =
        ask(
            new Ask(
                "rejoin",
                s.user(),
                s.participant(),
                s.admission(),
                "",
                s.stage(),
                avoid,
                s.stage(),
                nonce,
                true));
    boolean superseded =
        !isOut(s)
            && !before.home(s.user()).isEmpty()
            && !before.admission(s.user()).equals(s.admission());
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
    SeatState after = house.state();
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
    SeatState before = house.state();
    String answer = house.register(stage, wanted);
    if (wanted.equals("closed") && answer.equals("closed")) {
      assertThat(before.taken(stage)).as(this::story).isZero();
    }
    if (wanted.equals("closed") && before.taken(stage) > 0) {
      assertThat(answer).as(this::story).isNotEqualTo("closed");
    }
  }

  private void drain() {
    int count = 1 + random.nextInt(9);
    List<Object> answer = house.drain(count);
    assertThat(answer.get(0)).as(this::story).isEqualTo("OK");
    assertThat(answer.get(3)).as(this::story).isEqualTo(0L);
    if ((Long) answer.get(1) < count) { // nothing is left to be folded
      bans.keySet().stream()
          .filter(this::isBanned)
          .forEach(user -> assertThat(house.state().home(user)).as(this::story).isEmpty());
      for (String user : USERS) {
        assertThat(kicked).as(this::story).doesNotContain(house.state().admission(user));
      }
    }
  }

  private void append(String type, Seat s) {
    house.append(type, s.stage(), s.user(), s.participant(), s.admission());
  }

  /** Everybody falls silent: within two timeouts every seat is free again, whatever went before. */
  private void theShowEnds() {
    for (int i = 1; i <= 8; i++) {
      house.silence(2);
      check();
    }
    SeatState empty = house.state();
    assertThat(empty.total()).as(this::story).isZero();
    assertThat(empty.open().values()).as(this::story).allMatch(taken -> taken == 0);
    assertThat(empty.closing().values()).as(this::story).allMatch(taken -> taken == 0);
    assertThat(empty.joining()).as(this::story).isEmpty();
    assertThat(empty.reserved()).as(this::story).isEmpty();
  }

  private void check() {
    SeatState state = house.state();
    assertThat(state.violations()).as(this::story).isEmpty();
    for (String stage : STAGES) {
      if (!overfull.contains(stage)) {
        assertThat(state.taken(stage)).as(this::story).isLessThanOrEqualTo(CAPACITY);
      }
    }
  }

  private static String outcome(List<Object> answer) {
    return (String) answer.get(0);
  }

  private String name(String kind) {
    return kind + ++names;
  }

  private String any(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String story() {
    return "seed " + seed + "\n" + house.story();
  }
}
