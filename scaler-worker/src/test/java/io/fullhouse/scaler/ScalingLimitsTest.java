package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalingLimitsTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "40, 1", "41, 2", "80, 2", "81, 3", "9999999, 20"})
  void as_many_stages_as_keep_the_demand_at_the_line(long demand, int stages) {
    assertThat(limits("0.8").stagesFor(demand)).isEqualTo(stages);
  }

  @Test
  void the_line_is_exact_where_binary_fractions_are_not() {
    ScalingLimits limits =
        new ScalingLimits(10, 20, new BigDecimal("0.7"), 5, Duration.ofMinutes(5));

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
            () -> new ScalingLimits(50, 20, new BigDecimal("0.8"), 41, Duration.ofMinutes(5)))
        .withMessageContaining("SCALE_DOWN_VIEWERS");
  }

  private static ScalingLimits limits(String utilization) {
    return new ScalingLimits(50, 20, new BigDecimal(utilization), 5, Duration.ofMinutes(5));
  }
}
