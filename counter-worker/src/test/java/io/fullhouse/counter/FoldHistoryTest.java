package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The script and the model agree, to the byte, on any log. */
@ExtendWith(RedisExtension.class)
final class FoldHistoryTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int HISTORIES = Integer.getInteger("fullhouse.histories", 3_000);

  @Test
  void script_and_model_agree_on_any_history(Redis redis, RedisKeys keys) {
    PresenceStore store = new PresenceStore(redis, keys, TIMEOUT, Scripts.load());
    try (EventLog log = new EventLog(redis, keys)) {
      for (int seed = 0; seed < HISTORIES; seed++) {
        RedisAnswer.await(redis.commands().flushall());
        RandomLog history = new RandomLog(seed, redis, keys);
        PresenceModel model = new PresenceModel();
        int batches = 2 + history.random().nextInt(6);
        for (int i = 0; i < batches; i++) {
          history.append(1 + history.random().nextInt(12));
          drainAndCompare(seed, store, log, model);
        }
      }
    }
  }

  @Test
  void a_drain_that_fails_at_any_command_is_repeated_to_the_same_state(
      Redis redis, RedisKeys keys) {
    PresenceStore healthy = new PresenceStore(redis, keys, TIMEOUT, Scripts.load());
    int seeds = Math.max(1, HISTORIES / 300);
    try (EventLog log = new EventLog(redis, keys)) {
      for (int seed = 0; seed < seeds; seed++) {
        for (int failAt = 1, failed = 1; failed > 0; failAt += 1 + seed % 3) {
          RedisAnswer.await(redis.commands().flushall());
          RandomLog history = new RandomLog(seed, redis, keys);
          history.append(30);
          PresenceModel model = new PresenceModel();
          RedisAnswer.await(healthy.drain());
          foldUpTo(log, model, LiveState.read(healthy, LiveState.AT_ONCE).position());
          history.append(40);
          failed = drainFailingAt(failAt, redis, keys) ? 1 : 0;
          history.append(1);
          drainAndCompare(seed, healthy, log, model);
        }
      }
    }
  }

  @Test
  void an_entry_one_version_ahead_stops_the_fold_before_it(Redis redis, RedisKeys keys) {
    PresenceStore store = new PresenceStore(redis, keys, TIMEOUT, Scripts.load());
    String join = "join";
    String stage = RandomLog.STAGES[0];
    EntryId first = add(redis, keys, join, stage, "u1", "1");
    add(redis, keys, join, stage, "u2", "2");
    add(redis, keys, join, stage, "u3", "1");
    Drained drained = RedisAnswer.await(store.drain());
    assertThat(drained.status()).isEqualTo(Status.VERSION);
    assertThat(drained.position()).isEqualTo(first);
    assertThat(RedisAnswer.await(store.drain()).folded()).isZero();
    assertThat(LiveState.read(store, LiveState.AT_ONCE).total()).isEqualTo("1");
    assertThat(LiveState.read(store, LiveState.AT_ONCE).foldFields()).doesNotContainKey("torn");
  }

  private static EntryId add(
      Redis redis, RedisKeys keys, String type, String stage, String user, String version) {
    Object[] fields = {"t", type, "s", stage, "u", user, "p", "p1", "v", version, "a", "a1"};
    return EntryId.parse(RedisAnswer.await(redis.commands().xadd(keys.events(), fields)));
  }

  /** Whether the failing command was reached. */
  private static boolean drainFailingAt(int command, Redis redis, RedisKeys keys) {
    Scripts scripts = Scripts.load();
    String failing =
        scripts
            .drain()
            .source()
            .replace(
                "local call, match, find, sub = redis.call, string.match, string.find, string.sub",
                """
                local commands = 0
                local function call(...)
                  commands = commands + 1
                  if commands == %d then error({ err = 'MISCONF injected' }) end
                  return redis.call(...)
                end
                local match, find, sub = string.match, string.find, string.sub
                """
                    .formatted(command));
    assertThat(failing).isNotEqualTo(scripts.drain().source());
    PresenceStore store =
        new PresenceStore(
            redis,
            keys,
            TIMEOUT,
            new Scripts(LuaScript.ofSource(failing), scripts.sweep(), scripts.snapshot()));
    try {
      return RedisAnswer.await(store.drain()).status() == Status.STOPPED;
    } catch (RedisException e) {
      assertThat(e).hasMessageContaining("MISCONF injected");
      return true;
    }
  }

  private static void drainAndCompare(
      int seed, PresenceStore store, EventLog log, PresenceModel model) {
    while (RedisAnswer.await(store.drain()).folded() > 0) {
      // until nothing is left
    }
    LiveState live = LiveState.read(store, LiveState.AT_ONCE);
    foldUpTo(log, model, live.position());
    assertThat(StateComparison.differences(model, live)).as("seed %d", seed).isEmpty();
    long sum = live.counts().values().stream().mapToLong(Long::parseLong).sum();
    assertThat(live.total()).as("seed %d: total is the sum", seed).isEqualTo(Long.toString(sum));
  }

  private static void foldUpTo(EventLog log, PresenceModel model, EntryId upTo) {
    for (List<EventLog.Entry> page = log.read(model.position(), upTo);
        !page.isEmpty();
        page = log.read(model.position(), upTo)) {
      page.forEach(entry -> model.fold(entry.id(), entry.decoded()));
    }
  }
}
