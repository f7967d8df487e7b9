package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.testing.TiedProcess;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scaler worker does as its operator says, also when it was started since. */
final class OperatedFleetTest {
  private final FleetHouse house = new FleetHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  private String state() {
    house.count();
    String state = awaitNullable(house.redis().commands().get(house.keys().scalerState()));
    return state == null ? "" : state;
  }

  @Test
  void a_hold_outlives_a_restart_and_an_end_of_it_is_obeyed_at_once() {
    TiedProcess first = house.startScaler(Map.of());
    soon().until(() -> house.open().containsKey(house.master()));
    await(house.redis().commands().set(house.keys().scalerMode(), "hold"));
    soon().until(() -> state().contains("OPERATOR_HOLD"));
    first.close();
    await(house.redis().commands().del(house.keys().scalerState()));

    house.startScaler(Map.of());
    for (int i = 0; i < 45; i++) {
      house.join("u" + i);
    }
    soon().until(() -> state().contains("\"seatsTaken\":45"));
    assertThat(state()).contains("OPERATOR_HOLD");
    assertThat(house.tagged()).isEmpty();

    await(house.redis().commands().set(house.keys().scalerMode(), "auto"));
    soon().until(() -> house.open().size() == 2);
  }
}
