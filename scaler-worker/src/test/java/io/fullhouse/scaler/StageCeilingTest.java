package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.closing;
import static io.fullhouse.scaler.Loads.even;
import static io.fullhouse.scaler.Loads.extra;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static io.fullhouse.scaler.Loads.withPublishers;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageCeiling.Limit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StageCeilingTest {
  private static final Duration OLD = Duration.ofHours(1);

  private static ScalingLimits limits(int capacity, int maxStages, IvsQuotas quotas) {
    return Loads.limits(capacity, maxStages, "0.8", 5, OLD, 0, quotas);
  }

  private static ScalingInput input(StageLoad load, int sources, Elsewhere elsewhere) {
    return new ScalingInput(load, 0, 0, sources, Mode.AUTO, Optional.empty(), elsewhere);
  }

  private static StageCeiling ceiling(StageLoad load, IvsQuotas quotas) {
    return StageCeiling.of(input(load, 1, Elsewhere.NOTHING), limits(50, 20, quotas));
  }

  private static IvsQuotas budget(long subscriptions) {
    return new IvsQuotas(100, 1_000, 10_000, subscriptions, 50);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 20, 0, 6, REPLICA_LIMIT",
    "50, 20, 1, 6, REPLICA_LIMIT",
    "50, 20, 2, 12, REPLICA_LIMIT",
    "50, 20, 4, 20, MAX_STAGES",
    "50, 6, 1, 6, MAX_STAGES",
    "9500, 6, 1, 2, SUBSCRIPTION_QUOTA",
    "50, 1000, 1000, 400, SUBSCRIPTION_QUOTA",
    "10, 1200, 1000, 1000, STAGE_QUOTA"
  })
  void is_the_lowest_of_all_limits(
      int capacity, int maxStages, int sources, int stages, Limit limit) {
    ScalingLimits limits = limits(capacity, maxStages, IvsQuotas.DEFAULT);

    assertThat(StageCeiling.atStart(limits, sources)).isEqualTo(new StageCeiling(stages, limit));
    assertThat(StageCeiling.of(input(load(master(0)), sources, Elsewhere.NOTHING), limits))
        .isEqualTo(new StageCeiling(stages, limit));
  }

  @Test
  void a_further_publisher_halves_what_the_subscriptions_allow() {
    assertThat(ceiling(even(2, 0), budget(600)).stages()).isEqualTo(12);

    StageLoad guest = load(withPublishers(master(0), 2), withPublishers(extra(1, 0, OLD), 2));
    assertThat(ceiling(guest, budget(600)))
        .isEqualTo(new StageCeiling(6, Limit.SUBSCRIPTION_QUOTA));
  }

  @Test
  void each_stage_weighs_what_its_publishers_make_it() {
    StageLoad load = load(withPublishers(master(0), 3), extra(1, 0, OLD));

    // 150 + 50 are spoken for; a further one may have three publishers, too.
    assertThat(ceiling(load, budget(499)).stages()).isEqualTo(3);
    assertThat(ceiling(load, budget(500)).stages()).isEqualTo(4);
  }

  @Test
  void a_stage_without_a_publisher_is_about_to_have_one() {
    assertThat(ceiling(load(withPublishers(master(0), 0)), budget(200)).stages()).isEqualTo(4);
  }

  @Test
  void closing_stages_still_hold_what_they_have() {
    StageLoad load = load(master(0), withPublishers(closing(extra(1, 5, OLD)), 1));

    assertThat(ceiling(load, budget(200)).stages()).isEqualTo(4);
  }

  @Test
  void what_others_of_the_account_use_is_gone() {
    StageLoad load = load(master(0));
    ScalingLimits bySubscriptions = limits(50, 20, budget(600));
    ScalingLimits byStages = limits(50, 20, new IvsQuotas(100, 10, 10_000, 1_000_000, 50));

    assertThat(StageCeiling.of(input(load, 1, new Elsewhere(0, 300)), bySubscriptions))
        .isEqualTo(new StageCeiling(6, Limit.SUBSCRIPTION_QUOTA));
    assertThat(StageCeiling.of(input(load, 1, new Elsewhere(3, 0)), byStages))
        .isEqualTo(new StageCeiling(7, Limit.STAGE_QUOTA));
  }

  @Test
  void the_master_is_never_too_much() {
    StageLoad load = load(withPublishers(master(0), 9));

    assertThat(StageCeiling.of(input(load, 1, new Elsewhere(9, 9)), limits(50, 20, budget(1))))
        .isEqualTo(new StageCeiling(1, Limit.SUBSCRIPTION_QUOTA));
  }
}
