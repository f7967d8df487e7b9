package io.fullhouse.deploy;

import io.fullhouse.redis.Redis;
import io.fullhouse.testing.RedisExtension;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Seats and counts keep their invariants over any history. */
@ExtendWith(RedisExtension.class)
final class HistoryOfSeatsTest {
  private static final int HISTORIES = Integer.getInteger("fullhouse.histories", 3_000);

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES) // a busy machine may take its time
  void every_invariant_holds_after_each_step_of_any_history(Redis redis) {
    SeatHistory.runAll(HISTORIES, redis, SeatScripts.load());
  }
}
