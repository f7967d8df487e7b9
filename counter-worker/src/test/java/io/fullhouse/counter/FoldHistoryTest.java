package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.Histories.Played;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.Redis;
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
      // Two at every command, the others at some.
      assertThat(failing.findings(histories, seed, seed < 2 ? 1 : 11)).isEmpty();
    }
  }
}
