package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.counter.PresenceStore.Swept;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * A show in simulated time, against a real Redis: gateways tick every 2 s, viewers beat through
 * them every 20 s and repeat a beat that failed, a counter drains every second and sweeps every 5.
 */
final class SimulatedShow {
  static final StageArn STAGE = new StageArn(RandomLog.STAGES[0]);

  /** What silence costs at most: the timeout, a tick, a sweep. */
  static final Duration GONE_WITHIN = Duration.ofSeconds(67);

  private static final int TICK_SECONDS = 2;
  private static final int SWEEP_SECONDS = 5;
  private static final long SECOND = 1_000;
  private static final long BEAT = 20 * SECOND;

  private final Redis redis;
  private final RedisKeys keys;
  private final LogWriter writer;
  private final PresenceStore store;
  private final Map<String, Gateway> gateways = new TreeMap<>();
  private final Map<String, Viewer> viewers = new TreeMap<>();
  private final Map<String, Duration> goneAt = new TreeMap<>();
  private long start = 1_795_348_800_000L;
  private long now = start;
  private long sequence;
  private long seconds;
  private final List<Step> unsent = new ArrayList<>();
  private boolean counterRuns = true;
  private boolean redisRuns = true;
  private int credits;

  SimulatedShow(Redis redis, RedisKeys keys, Scripts scripts) {
    this.redis = redis;
    this.keys = keys;
    this.writer = new LogWriter(redis, keys);
    RedisAnswer.await(send()); // from now on Redis knows the script
    this.store = new PresenceStore(redis, keys, Histories.TIMEOUT, scripts);
    RedisAnswer.await(redis.commands().zadd(keys.stages(), 0, STAGE.value()));
  }

  /** A process that ticks while it runs. */
  final class Gateway {
    private final String name;
    private boolean runs = true;

    private Gateway(String name) {
      this.name = name;
    }

    /** Ends or comes back; without a word. */
    void runs(boolean value) {
      runs = value;
    }

    /** Ends in good order. */
    void sayBye() {
      runs = false;
      append(gatewayEntry("bye", name), false);
    }

    /** Viewers join whose beats spread over a heartbeat interval. */
    List<Viewer> join(int count, String prefix) {
      return join(count, prefix, BEAT);
    }

    /** Viewers join who all beat at the same time. */
    List<Viewer> joinAtOnce(int count, String prefix) {
      return join(count, prefix, 0);
    }

    private List<Viewer> join(int count, String prefix, long within) {
      List<Viewer> joined = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Viewer viewer = new Viewer(prefix + i, this);
        viewer.nextBeat = now + BEAT - within * i / count;
        viewer.send("join");
        viewers.put(viewer.user, viewer);
        joined.add(viewer);
      }
      return joined;
    }
  }

  /** Somebody watching. */
  final class Viewer {
    private final String user;
    private final Gateway gateway;
    private long nextBeat;
    private long heard;
    private boolean silent;

    private Viewer(String user, Gateway gateway) {
      this.user = user;
      this.gateway = gateway;
    }

    /** Goes without a word, or is heard again. */
    void silent(boolean value) {
      silent = value;
    }

    private void send(String type) {
      heard = now;
      String admission = user.replace("-", "");
      append(
          LogWriter.bytes(
              "t", type, "s", STAGE.value(), "u", user, "p", user, "v", "1", "a", admission),
          type.equals("join"));
    }

    String user() {
      return user;
    }

    /** When it expired, since the start of the show. */
    Duration gone() {
      Duration gone = goneAt.get(user);
      if (gone == null) {
        throw new AssertionError(user + " is still there");
      }
      return gone;
    }

    /** How long it had said nothing when it expired. */
    Duration silenceBeforeGone() {
      return gone().minus(Duration.ofMillis(heard - start));
    }
  }

  Gateway gateway(String name) {
    return gateways.computeIfAbsent(name, Gateway::new);
  }

  void counterRuns(boolean value) {
    counterRuns = value;
  }

  /** Without Redis nothing is appended, drained or swept; it forgets nothing. */
  void redisRuns(boolean value) {
    redisRuns = value;
  }

  /** Since the start of the show. */
  Duration now() {
    return Duration.ofMillis(now - start);
  }

  /** Who expired, and when, since the start of the show. */
  Map<String, Duration> gone() {
    return goneAt;
  }

  /** How often the brake acted. */
  int credits() {
    return credits;
  }

  long field(String name) {
    String value = RedisAnswer.awaitNullable(redis.commands().hget(keys.fold(), name));
    return value == null ? 0 : Long.parseLong(value) - start;
  }

  void run(Duration duration) {
    for (long until = now + duration.toMillis(); now < until; ) {
      now += SECOND;
      sequence = 0;
      second();
    }
  }

  /** The log is lost, and the next one is given ids by a clock that is behind. */
  void rewind(Duration duration) {
    RedisAnswer.await(redis.commands().del(keys.events()));
    now -= duration.toMillis();
    start -= duration.toMillis();
    viewers.values().forEach(viewer -> viewer.nextBeat -= duration.toMillis());
  }

  /** Redis's clock was set back: until it is where it was, each entry gets the same millisecond. */
  void runWhileClockStands(Duration duration) {
    for (long passed = 0; passed < duration.toMillis(); passed += SECOND) {
      viewers.values().forEach(viewer -> viewer.nextBeat -= SECOND);
      second();
    }
  }

  private void second() {
    seconds++;
    if (!redisRuns) {
      return;
    }
    for (Gateway gateway : gateways.values()) {
      if (gateway.runs && seconds % TICK_SECONDS == 0) {
        append(gatewayEntry("tick", gateway.name), false);
      }
    }
    for (Viewer viewer : viewers.values()) {
      if (!viewer.silent && viewer.gateway.runs && viewer.nextBeat <= now) {
        viewer.send("heartbeat");
        viewer.nextBeat = now + BEAT;
      }
    }
    CompletionStage<Long> sent = send();
    if (counterRuns) {
      drain();
      if (seconds % SWEEP_SECONDS == 0) {
        credits += sweep().braked() ? 1 : 0;
        drain();
        noteWhoIsGone();
      }
    }
    RedisAnswer.await(sent);
  }

  private static List<byte[]> gatewayEntry(String type, String name) {
    return LogWriter.bytes("t", type, "s", "", "u", name, "p", "", "v", "1");
  }

  private void append(List<byte[]> fields, boolean seated) {
    unsent.add(new Step.Append(new EntryId(now, sequence++), fields, seated));
  }

  private CompletionStage<Long> send() {
    CompletionStage<Long> sent = writer.append(unsent);
    unsent.clear();
    return sent;
  }

  /** Folds all there is. */
  void drain() {
    Drained drained;
    do {
      drained = RedisAnswer.await(store.drain());
      assertThat(drained.status()).isIn(Status.OK, Status.REPLACED);
    } while (drained.folded() == PresenceStore.BATCH || drained.status() == Status.REPLACED);
  }

  private Swept sweep() {
    Swept swept = RedisAnswer.await(store.sweep(Long.toString(now)));
    sequence += swept.expired() + 1; // its entries have this millisecond, too
    return swept;
  }

  private void noteWhoIsGone() {
    Set<String> gone = new HashSet<>(viewers.keySet());
    RedisAnswer.await(redis.commands().hkeys(keys.viewerSeat())).forEach(gone::remove);
    gone.forEach(user -> goneAt.putIfAbsent(user, now()));
  }

  /** What is otherwise than the log gives, seats included. */
  List<String> findings() {
    try (EventLog log = new EventLog(redis, keys)) {
      LiveState live = LiveState.read(store, LiveState.AT_ONCE);
      PresenceModel model = new PresenceModel();
      LogFold.to(log, model, live.position(), folded -> {});
      List<String> findings = new ArrayList<>(StateComparison.differences(model, live));
      Witness witness = Witness.read(redis, keys, STAGE.value());
      if (!witness.open().equals(Map.of(STAGE.value(), live.total()))) {
        findings.add("seats: " + witness.open() + " of " + live.total());
      }
      return findings;
    }
  }
}
