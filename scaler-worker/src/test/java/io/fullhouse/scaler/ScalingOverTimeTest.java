package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hours of policy, rate and fleet together. */
final class ScalingOverTimeTest {
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int FOUR_HOURS = 4 * 3600 / 5;

  @ParameterizedTest
  @CsvSource({
    "50, 1, 0",
    "50, 2, 0",
    "50, 5, 0",
    "9500, 1, 0",
    "9500, 5, 0",
    "50, 1, 1",
    "400, 3, 2"
  })
  void a_load_that_swings_around_a_line_changes_nothing_after_the_first_time(
      int capacity, int stages, int spare) {
    long line = 8L * capacity * stages / 10;
    for (int minutes : new int[] {1, 7, 20, 60}) {
      LongUnaryOperator wave =
          step -> Math.round(line * (1 + 0.1 * Math.sin(step * Math.PI / (6 * minutes))));
      assertThat(changesOf(capacity, stages, spare, wave)).as("%d minutes", minutes).isEqualTo(1);
    }
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      LongUnaryOperator noise = step -> Math.round(line * (0.9 + 0.2 * random.nextDouble()));
      assertThat(changesOf(capacity, stages, spare, noise)).as("seed %d", seed).isEqualTo(1);
    }
  }

  private static int changesOf(int capacity, int stages, int spare, LongUnaryOperator audience) {
    SimulatedHouse house = house(capacity, stages + spare, spare);
    for (int step = 0; step < FOUR_HOURS; step++) {
      house.step(STEP, audience.applyAsLong(step), 0);
    }
    assertThat(house.open()).isEqualTo(stages + spare + 1);
    return house.changes.size();
  }

  @Test
  void a_ramp_is_met_before_the_seats_are_gone_when_the_stage_opens_in_time() {
    SimulatedHouse house = house(400, 1, 0);
    for (int second = 1; second <= 300; second++) {
      house.step(Duration.ofSeconds(1), Math.min(2_000, 7L * second), 0);
    }
    assertThat(house.turnedAway).isZero();
    assertThat(house.open()).isEqualTo(7);
  }

  @Test
  void a_sudden_ramp_turns_few_away_and_with_a_pre_warm_none() {
    SimulatedHouse surprised = rush(0);
    assertThat(surprised.turnedAway).isLessThan(200);
    assertThat(surprised.open()).isEqualTo(6);

    assertThat(rush(2_000).turnedAway).isZero();
  }

  /** 2,000 in 20 s; a stage opens in 1.5 s. */
  private static SimulatedHouse rush(long floorSeats) {
    ScalingLimits limits =
        Loads.limits(400, 6, "0.8", 5, Duration.ofMinutes(5), 0, Loads.quotas(5));
    SimulatedHouse house = new SimulatedHouse(limits, 1, Duration.ofMillis(1_500));
    for (int second = -30; second < 60; second++) {
      house.step(Duration.ofSeconds(1), Math.max(0, Math.min(2_000, 100L * second)), floorSeats);
    }
    return house;
  }

  @Test
  void an_audience_that_leaves_takes_its_stages_along_one_by_one() {
    SimulatedHouse house = house(50, 6, 0);
    for (int step = 0; step < FOUR_HOURS; step++) {
      house.step(STEP, Math.max(3, 240 - step), 0);
    }
    assertThat(house.open()).isEqualTo(1);
    assertThat(house.changes).hasSize(5);
    assertThat(house.turnedAway).isZero();
  }

  private static SimulatedHouse house(int capacity, int stages, int spare) {
    ScalingLimits limits =
        Loads.limits(capacity, 20, "0.8", 5, Duration.ofMinutes(5), spare, Loads.quotas(100));
    return new SimulatedHouse(limits, stages, Duration.ofSeconds(25)); // it is told 30
  }
}
