package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.ScriptOutputType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The log stays short, and what is left of it proves everything since the oldest checkpoint. */
@ExtendWith(RedisExtension.class)
final class CheckpointerTest {
  private static final String STAGE = RandomLog.STAGES[0];
  private static final long START = 1_795_348_800_000L;

  /** One entry for each viewer, in one trip. */
  private static final LuaScript APPEND =
      LuaScript.ofSource(
          """
          local at, t, s, viewers = ARGV[1] .. '-*', ARGV[2], ARGV[3], tonumber(ARGV[4])
          for i = 0, viewers - 1 do
            redis.call('XADD', KEYS[1] .. 'events', at, 't', t, 's', s, 'u', 'u' .. i, 'p', 'p' .. i,
              'v', '1', 'a', 'a' .. i, 'why', 'test')
          end
          return viewers
          """);

  /** The audience and budget, both divided by this. */
  private static final int SCALE = 100;

  private Redis redis;
  private RedisKeys keys;
  private PresenceStore store;
  private EventLog log;
  private CheckpointStore checkpoints;
  private long now = START;

  @BeforeEach
  void connect(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    store = new PresenceStore(redis, keys, Duration.ofSeconds(60), Scripts.load());
    log = new EventLog(redis, keys);
    checkpoints = new CheckpointStore(redis, log, keys);
  }

  private Checkpointer checkpointer(Duration time, long bytes) {
    return new Checkpointer(
        store,
        log,
        checkpoints,
        new Retention(time, bytes),
        new CounterMetrics(new MetricRegistry()));
  }

  @Test
  void three_hours_of_twenty_thousand_viewers_stay_inside_the_budget() throws Exception {
    long budget = (2L << 30) / SCALE;
    Checkpointer checkpointer = checkpointer(Duration.ofHours(6), budget);
    int viewers = 20_000 / SCALE;
    append("join", viewers);
    for (int minute = 0; minute < 180; minute++) {
      beatFor(Duration.ofMinutes(1), viewers);
      checkpointer.step();
      assertThat(log.bytes()).as("minute %d", minute).isLessThanOrEqualTo(budget);
    }
    assertThat(log.extent().added()).isGreaterThan(100_000);
    assertThat(verify()).contains("OK");
  }

  @Test
  void the_oldest_part_goes_when_the_log_grows_too_large() throws Exception {
    Checkpointer checkpointer = checkpointer(Duration.ofHours(6), 2_000_000);
    append("join", 100);
    for (int minute = 0; minute < 120; minute++) {
      beatFor(Duration.ofMinutes(1), 100);
      checkpointer.step();
      assertThat(log.bytes()).as("minute %d", minute).isLessThan(2_500_000);
    }
    assertThat(log.extent().beginsAtFirstEntry()).isFalse();
    assertThat(verify()).contains("OK", "since the checkpoint");
  }

  @Test
  void the_log_is_kept_for_its_time_and_replayed_from_any_entry_of_it() throws Exception {
    Checkpointer checkpointer = checkpointer(Duration.ofMinutes(30), 1L << 30);
    PresenceModel model = new PresenceModel();
    Map<EntryId, Map<String, Object>> states = new TreeMap<>();
    append("join", 50);
    for (int minute = 0; minute < 180; minute++) {
      beatFor(Duration.ofMinutes(1), 50);
      append(minute % 2 == 0 ? "leave" : "join", minute % 7);
      drain();
      LogFold.to(log, model, LiveState.read(store, 0).position(), folded -> {});
      states.put(model.position(), Audit.describe(model));
      checkpointer.step();
    }
    EntryId oldest = checkpoints.ids().first();
    long kept = Duration.ofMillis(now - oldest.millis()).toMinutes();
    assertThat(kept).isBetween(30L, 37L);
    assertThat(verify()).contains("OK", "since the checkpoint " + oldest);
    int replayed = 0;
    for (Map.Entry<EntryId, Map<String, Object>> state : states.entrySet()) {
      if (state.getKey().compareTo(oldest) < 0) {
        assertThatThrownBy(() -> audit(OutputKept.none()).replay(state.getKey()))
            .isInstanceOf(Audit.CannotProve.class)
            .hasMessageContaining("cannot prove before " + oldest);
      } else {
        replayed++;
        assertThat(Audit.describe(audit(OutputKept.none()).replay(state.getKey())))
            .isEqualTo(state.getValue());
      }
    }
    assertThat(replayed).isGreaterThanOrEqualTo(30);
  }

  @Test
  void nothing_is_trimmed_without_a_checkpoint_or_past_the_position() {
    append("join", 20);
    EntryId somewhere = new EntryId(now, 0);
    assertThat(checkpoints.trimTo(somewhere)).isZero();
    PresenceModel ahead = new PresenceModel();
    LogFold.to(log, ahead, log.extent().lastGenerated(), folded -> {});
    checkpoints.write(ahead); // the live fold has not come so far
    assertThat(checkpoints.trimTo(ahead.position())).isZero();
    assertThat(log.extent().length()).isEqualTo(20);
  }

  @Test
  void a_damaged_checkpoint_costs_itself_only() throws Exception {
    Checkpointer checkpointer = checkpointer(Duration.ofMinutes(30), 1L << 30);
    append("join", 10);
    for (int minute = 0; minute < 60; minute++) {
      beatFor(Duration.ofMinutes(1), 10);
      checkpointer.step();
    }
    String newest = checkpoints.ids().last().toString();
    Map<String, Object> state =
        Audit.describe(audit(OutputKept.none()).replay(log.extent().lastGenerated()));
    RedisAnswer.await(redis.commands().hset(keys.checkpoints(), newest, "not a checkpoint"));
    assertThat(Audit.describe(audit(OutputKept.none()).replay(log.extent().lastGenerated())))
        .isEqualTo(state);
    Checkpointer another = checkpointer(Duration.ofMinutes(30), 1L << 30);
    beatFor(Duration.ofMinutes(10), 10);
    another.step();
    assertThat(checkpoints.ids().last()).isGreaterThan(EntryId.parse(newest));
    assertThat(verify()).contains("OK");
  }

  @Test
  void lost_checkpoints_end_the_proof_until_a_new_one_is_stored() throws Exception {
    Checkpointer checkpointer = checkpointer(Duration.ofMinutes(30), 1L << 30);
    append("join", 100);
    for (int minute = 0; minute < 90; minute++) {
      beatFor(Duration.ofMinutes(1), 100);
      checkpointer.step();
    }
    assertThat(log.extent().beginsAtFirstEntry()).isFalse();
    checkpoints.clear();
    assertThatThrownBy(this::verify)
        .isInstanceOf(Audit.CannotProve.class)
        .hasMessageContaining("cannot prove before");
    beatFor(Duration.ofMinutes(10), 100);
    checkpointer.step();
    assertThat(verify()).contains("OK", "since the checkpoint");
  }

  @Test
  void a_damaged_viewer_does_not_stop_checkpoints_for_ever() throws Exception {
    Checkpointer checkpointer = checkpointer(Duration.ofMinutes(30), 1L << 30);
    append("join", 10);
    for (int minute = 0; minute < 90; minute++) {
      beatFor(Duration.ofMinutes(1), 10);
      checkpointer.step();
    }
    checkpoints.clear();
    String heartbeats = keys.heartbeats(new StageArn(STAGE));
    RedisAnswer.await(redis.commands().hset(heartbeats, "u3", "not a presence"));
    RedisAnswer.await(redis.commands().hset(keys.fold(), "gateway:gw", "not a time"));
    beatFor(Duration.ofMinutes(10), 3); // the others stay silent, u3 too
    checkpointer.step();
    assertThat(checkpoints.ids()).hasSize(1);
    assertThat(verify()).contains("DIFFERS viewer:heartbeat:" + STAGE + " u3");
  }

  @Test
  void a_key_of_the_wrong_type_differs_and_stops_no_audit() throws Exception {
    append("join", 3);
    drain();
    RedisAnswer.await(redis.commands().del(keys.viewers(new StageArn(STAGE))));
    RedisAnswer.await(redis.commands().sadd(keys.viewers(new StageArn(STAGE)), "a", "b"));
    RedisAnswer.await(redis.commands().set(keys.heartbeats(new StageArn(STAGE)), "text"));
    assertThat(verify())
        .contains("DIFFERS viewers:" + STAGE + ": the log gives 3, Redis has a key of the wrong")
        .contains("DIFFERS viewer:heartbeat:" + STAGE + " u0");
  }

  @Test
  void several_workers_store_no_more_checkpoints_than_one() {
    long budget = 2_000_000;
    List<Checkpointer> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      workers.add(checkpointer(Duration.ofHours(6), budget));
    }
    Checkpointer alone = checkpointer(Duration.ofHours(6), budget);
    append("join", 100);
    long before = now;
    int stored = 0;
    for (int look = 0; look < 60; look++) {
      beatFor(Duration.ofSeconds(20), 100);
      EntryId newest = newest();
      workers.get(look % workers.size()).step();
      stored += newest.equals(newest()) ? 0 : 1;
    }
    int storedByMany = stored;
    now = before + Duration.ofHours(1).toMillis();
    for (int look = 0; look < 60; look++) {
      beatFor(Duration.ofSeconds(20), 100);
      EntryId newest = newest();
      alone.step();
      stored += newest.equals(newest()) ? 0 : 1;
    }
    assertThat(storedByMany).isPositive().isLessThanOrEqualTo(stored - storedByMany + 1);
  }

  private EntryId newest() {
    NavigableSet<EntryId> ids = checkpoints.ids();
    return ids.isEmpty() ? EntryId.ZERO : ids.last();
  }

  @Test
  void verify_names_what_differs_and_changes_nothing() throws Exception {
    append("join", 3);
    drain();
    String user = "u1";
    RedisAnswer.await(redis.commands().set(keys.totalViewers(), "7"));
    RedisAnswer.await(redis.commands().hset(keys.viewerSeat(), user, RandomLog.STAGES[1]));
    RedisAnswer.await(redis.commands().hset(keys.fold(), "clock", "5"));
    RedisAnswer.await(redis.commands().set(keys.publisherStatus(), "live"));
    long entries = log.extent().added();
    assertThat(verify())
        .contains("DIFFERS total_viewers: the log gives 3, Redis has 7")
        .contains("DIFFERS viewer:seat " + user)
        .contains("DIFFERS fold field clock")
        .contains("DIFFERS publisher:status")
        .contains("4 differences");
    assertThat(RedisAnswer.await(redis.commands().get(keys.totalViewers()))).isEqualTo("7");
    assertThat(log.extent().added()).isEqualTo(entries);
  }

  /** Heartbeats of all viewers every 20 s, as at defaults, folded as they come. */
  private void beatFor(Duration time, int viewers) {
    for (long end = now + time.toMillis(); now < end; ) {
      now += 20_000;
      append("heartbeat", viewers);
      drain();
    }
  }

  private void append(String type, int viewers) {
    RedisAnswer.await(
        APPEND.<Long>run(
            redis.commands(), ScriptOutputType.INTEGER, keys, "" + now, type, STAGE, "" + viewers));
  }

  private void drain() {
    while (RedisAnswer.await(store.drain()).folded() > 0) {
      // until nothing is left
    }
  }

  private record OutputKept(ByteArrayOutputStream bytes, PrintStream stream) {
    static OutputKept none() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      return new OutputKept(bytes, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }
  }

  private Audit audit(OutputKept out) {
    return new Audit(store, log, checkpoints, out.stream(), OutputKept.none().stream());
  }

  private String verify() throws Audit.CannotProve {
    OutputKept out = OutputKept.none();
    boolean same = audit(out).verify();
    String text = out.bytes().toString(StandardCharsets.UTF_8);
    assertThat(same).as(text).isEqualTo(text.contains("OK"));
    return text;
  }
}
