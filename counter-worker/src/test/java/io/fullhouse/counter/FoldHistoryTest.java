package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.Histories.Failing;
import io.fullhouse.counter.Histories.Played;
import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The script and the model agree, to the byte, on any log. */
@ExtendWith(RedisExtension.class)
final class FoldHistoryTest {
  private static final int HISTORIES = Integer.getInteger("fullhouse.histories", 3_000);
  private static final int FAILING_HISTORIES = Math.max(10, HISTORIES / 60);

  @Test
  void script_and_model_agree_on_any_history(Redis redis, RedisKeys keys) {
    Histories histories = new Histories(redis, keys, Scripts.load());
    Played before = histories.start(0);
    for (int seed = 1; seed <= HISTORIES; seed++) {
      Played next = histories.start(seed);
      assertThat(before.findings()).isEmpty();
      before = next;
    }
  }

  @Test
  void a_drain_that_fails_at_any_command_is_repeated_to_the_same_state(
      Redis redis, RedisKeys keys) {
    Histories histories = new Histories(redis, keys, Scripts.load());
    FailingDrain failing = new FailingDrain(redis, keys, Scripts.load());
    for (int seed = 0; seed < FAILING_HISTORIES; seed++) {
      int step = seed < 2 ? 1 : 11; // two at every command, the others at some
      int command = 1 + seed % step;
      while (failsAt(command, seed, histories, failing)) {
        command += step;
      }
      assertThat(command).as("commands of a drain").isGreaterThan(50);
    }
  }

  private static boolean failsAt(int command, int seed, Histories histories, FailingDrain drain) {
    boolean onwards = seed % 2 == 0;
    Failing failing = histories.startFailing(seed, keys -> drain.send(keys, command, onwards));
    assertThat(failing.played().findings()).as("failed at command %d", command).isEmpty();
    return failing.failed();
  }

  @Test
  void an_entry_one_version_ahead_stops_the_fold_before_it(Redis redis, RedisKeys keys) {
    PresenceStore store = new PresenceStore(redis, keys, Histories.TIMEOUT, Scripts.load());
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
}
