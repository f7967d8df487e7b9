package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalingLimitsTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "40, 1", "41, 2", "80, 2", "81, 3", "9223372036854775807, 1000000"})
  void as_many_stages_as_keep_the_demand_at_the_line(long demand, int stages) {
    assertThat(limits("0.8").stagesFor(demand)).isEqualTo(stages);
  }

  @Test
  void the_line_is_exact_where_binary_fractions_are_not() {
    ScalingLimits limits =
        Loads.limits(10, 20, "0.7", 5, Duration.ofMinutes(5), 0, IvsQuotas.DEFAULT);

    assertThat(limits.scaleUpLine(1)).isEqualTo(7);
    assertThat(limits.scaleUpLine(3)).isEqualTo(21);
    assertThat(limits.stagesFor(21)).isEqualTo(3);
    assertThat(limits.stagesFor(22)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "1.01", "80"})
  void the_utilization_is_a_share(String utilization) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limits(utilization))
        .withMessageContaining("SCALE_UP_UTILIZATION");
  }

  @Test
  void the_scale_down_line_lies_below_the_scale_up_line() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Loads.limits(50, 20, "0.8", 41, Duration.ofMinutes(5), 0, IvsQuotas.DEFAULT))
        .withMessageContaining("SCALE_DOWN_VIEWERS");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "32, 1", "33, 2", "64, 2", "65, 3"})
  void keeps_a_fifth_below_the_line_before_it_closes(long demand, int stages) {
    assertThat(limits("0.8").stagesToKeepFor(demand)).isEqualTo(stages);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "50, 1", "51, 2", "300, 6"})
  void as_many_stages_as_have_the_seats(long seats, int stages) {
    assertThat(limits("0.8").stagesToSeat(seats)).isEqualTo(stages);
  }

  @Test
  void a_stage_seats_no_more_than_ivs_lets_on() {
    Duration warmUp = Duration.ofMinutes(5);
    assertThat(Loads.limits(10_000, 6, "0.8", 5, warmUp, 0, IvsQuotas.DEFAULT)).isNotNull();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Loads.limits(10_001, 6, "0.8", 5, warmUp, 0, IvsQuotas.DEFAULT))
        .withMessage(
            "STAGE_CAPACITY (10001) is above IVS_SUBSCRIBERS_PER_STAGE (10000): IVS would turn away"
                + " viewers whom we seat");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 20})
  void spare_stages_lie_below_the_maximum(int spare) {
    Duration warmUp = Duration.ofMinutes(5);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Loads.limits(50, 20, "0.8", 5, warmUp, spare, IvsQuotas.DEFAULT))
        .withMessageContaining("WARM_SPARE_STAGES");
  }

  @Test
  void a_quota_that_allows_nothing_is_refused() {
    List<Supplier<IvsQuotas>> wrong =
        List.of(
            () -> new IvsQuotas(-1, 1, 1, 1, 1),
            () -> new IvsQuotas(0, 0, 1, 1, 1),
            () -> new IvsQuotas(0, 1, 0, 1, 1),
            () -> new IvsQuotas(0, 1, 1, 0, 1),
            () -> new IvsQuotas(0, 1, 1, 1, 0));
    assertThat(new IvsQuotas(0, 1, 1, 1, 1).replicaLimit()).isZero();

    for (Supplier<IvsQuotas> quotas : wrong) {
      assertThatIllegalArgumentException()
          .isThrownBy(quotas::get)
          .withMessageContaining("REPLICA_LIMIT");
    }
  }

  private static ScalingLimits limits(String utilization) {
    return Loads.limits(50, 20, utilization, 5, Duration.ofMinutes(5), 0, IvsQuotas.DEFAULT);
  }
}
