package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class JoinRateTest {
  private static final Instant START = Loads.NOW;
  private final JoinRate rate = new JoinRate(Duration.ofSeconds(10), Duration.ofSeconds(60));

  private double after(double seconds, long demand) {
    rate.sample(START.plusMillis((long) (seconds * 1000)), demand);
    return rate.seatsPerSecond();
  }

  @Test
  void is_nothing_until_there_are_two_samples() {
    assertThat(rate.seatsPerSecond()).isZero();
    assertThat(after(0, 100)).isZero();
    assertThat(after(10, 300)).isEqualTo(20);
  }

  @Test
  void is_the_growth_of_the_window_and_forgets_what_was_before() {
    for (int second = 0; second <= 60; second++) {
      after(second, 100 + (second <= 30 ? 50L * second : 1500));
    }
    assertThat(rate.seatsPerSecond()).isZero();
    assertThat(after(65, 1800)).isEqualTo(20, within(1.0));
  }

  @Test
  void a_steady_ramp_is_its_slope() {
    for (int tenth = 0; tenth <= 600; tenth++) {
      after(tenth / 10.0, 10 + 3L * tenth);
    }
    assertThat(rate.seatsPerSecond()).isEqualTo(30, within(1.5));
  }

  @Test
  void a_burst_is_believed_as_far_as_it_has_lasted() {
    after(0, 10);

    assertThat(after(1, 110)).isEqualTo(10);
    assertThat(after(5, 510)).isEqualTo(50);
  }

  @Test
  void samples_far_apart_are_measured_over_the_time_between_them() {
    after(0, 100);

    assertThat(after(600, 700)).isEqualTo(1);
  }

  @Test
  void an_audience_that_shrinks_joins_at_no_rate() {
    after(0, 500);

    assertThat(after(5, 400)).isZero();
    assertThat(after(6, 450)).isZero();
  }

  @Test
  void demand_out_of_nothing_is_no_rate() {
    after(0, 0);

    assertThat(after(1, 5000)).isZero();
    assertThat(after(2, 5010)).isEqualTo(1);
  }

  @Test
  void an_audience_that_returns_after_data_was_lost_does_not_join() {
    after(0, 2000);
    for (int second = 1; second < 20; second++) {
      assertThat(after(second, 100L * second - 100)).isZero();
    }
    assertThat(after(20, 2000)).isZero();
    assertThat(after(25, 2100)).isEqualTo(10);
  }

  @Test
  void an_audience_that_does_not_return_in_time_counts_as_gone() {
    after(0, 2000);
    assertThat(after(1, 100)).isZero();
    assertThat(after(30, 150)).isZero();

    assertThat(after(61, 200)).isZero();
    assertThat(after(66, 300)).isEqualTo(10);
  }

  @Test
  void the_second_half_of_a_loss_does_not_make_it_smaller() {
    after(0, 2000);
    after(1, 900);
    after(2, 300);

    assertThat(after(3, 1500)).isZero();
    assertThat(after(4, 1900)).isZero();
  }

  @Test
  void a_clock_that_was_set_back_starts_it_again() {
    after(100, 50);

    assertThat(after(40, 5000)).isZero();
    assertThat(after(45, 5100)).isEqualTo(10);
  }

  @Test
  void two_samples_of_one_instant_are_the_later_one() {
    after(0, 100);
    after(5, 200);

    assertThat(after(5, 300)).isEqualTo(20);
  }

  @Test
  void what_is_forgotten_is_no_base() {
    after(0, 100);
    rate.forget();

    assertThat(after(10, 1000)).isZero();
  }

  @Test
  void a_window_is_needed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JoinRate(Duration.ZERO, Duration.ZERO))
        .withMessageContaining("JOIN_RATE_WINDOW");
  }
}
