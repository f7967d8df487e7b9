package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CapacityLineTest {
  private static String line(int capacity, int maxStages, int sources, IvsQuotas quotas) {
    return CapacityLine.of(
        Loads.limits(capacity, maxStages, "0.8", 5, Duration.ofMinutes(5), 0, quotas), sources);
  }

  @Test
  void the_defaults_are_the_line_of_the_contract() {
    assertThat(line(50, 20, 1, IvsQuotas.DEFAULT))
        .isEqualTo(
            "can seat 300: 6 stages x 50 (5 replicas per publisher; MAX_STAGES=20 not reachable"
                + " with one source); api tokens 50/s: 20,000 joins take 6 min 40 s");
  }

  @Test
  void more_sources_reach_further() {
    assertThat(line(50, 20, 2, IvsQuotas.DEFAULT))
        .startsWith(
            "can seat 600: 12 stages x 50 (5 replicas per publisher; MAX_STAGES=20 not reachable"
                + " with 2 sources); ");
    assertThat(line(50, 20, 4, IvsQuotas.DEFAULT))
        .startsWith("can seat 1,000: 20 stages x 50 (MAX_STAGES=20); ");
  }

  @Test
  void a_large_house_needs_a_larger_subscription_budget() {
    assertThat(line(9_500, 6, 1, IvsQuotas.DEFAULT))
        .startsWith(
            "can seat 19,000: 2 stages x 9,500 (SUBSCRIPTION_BUDGET=20000, one for each viewer of"
                + " a publisher; MAX_STAGES=6 not reachable); ");
    assertThat(line(9_500, 6, 1, new IvsQuotas(5, 1_000, 10_000, 60_000, 50)))
        .isEqualTo(
            "can seat 57,000: 6 stages x 9,500 (MAX_STAGES=6); api tokens 50/s: 60,000 joins take"
                + " 20 min");
  }

  @Test
  void the_stages_of_the_region_are_named_when_they_are_too_few() {
    assertThat(line(50, 20, 4, new IvsQuotas(5, 8, 10_000, 20_000, 50)))
        .startsWith(
            "can seat 400: 8 stages x 50 (IVS_STAGES_PER_REGION=8; MAX_STAGES=20 not reachable); ");
  }

  @Test
  void one_is_one_and_hours_are_hours() {
    assertThat(line(50, 20, 1, new IvsQuotas(0, 1_000, 10_000, 180_061, 50)))
        .isEqualTo(
            "can seat 50: 1 stage x 50 (0 replicas per publisher; MAX_STAGES=20 not reachable with"
                + " one source); api tokens 50/s: 180,061 joins take 1 h 2 s");
    assertThat(line(50, 20, 1, new IvsQuotas(1, 1_000, 10_000, 1_000, 50)))
        .contains("2 stages x 50 (1 replica per publisher;")
        .endsWith("1,000 joins take 20 s");
  }
}
