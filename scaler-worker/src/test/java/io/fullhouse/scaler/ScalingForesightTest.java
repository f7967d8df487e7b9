package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.NOW;
import static io.fullhouse.scaler.Loads.arn;
import static io.fullhouse.scaler.Loads.closing;
import static io.fullhouse.scaler.Loads.even;
import static io.fullhouse.scaler.Loads.extra;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageCeiling.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of what is to come and of what was: rate, pre-warm, spare, cool-down, operator. */
final class ScalingForesightTest {
  private static final Duration OLD = Duration.ofHours(1);
  private static final ScalingDecision WITHIN_LIMITS = new Hold(Reason.WITHIN_LIMITS);

  private final ScalingPolicy policy = new ScalingPolicy();

  private static ScalingInput input(StageLoad load, double rate, long floor) {
    return new ScalingInput(load, rate, floor, 1, Mode.AUTO, Optional.empty(), Elsewhere.NOTHING);
  }

  private static ScalingInput changed(StageLoad load, Instant lastChange) {
    return new ScalingInput(load, 0, 0, 1, Mode.AUTO, Optional.of(lastChange), Elsewhere.NOTHING);
  }

  private static ScalingLimits limits(int spare, int replicaLimit) {
    return Loads.limits(50, 20, "0.8", 5, Duration.ofMinutes(5), spare, Loads.quotas(replicaLimit));
  }

  private ScalingDecision decide(StageLoad load, double rate, long floor) {
    return policy.decide(input(load, rate, floor), limits(0, 100), NOW);
  }

  @Test
  void opens_when_all_seats_would_be_gone_before_a_stage_is_open() {
    // 20 seats are left; a stage takes 30 s.
    assertThat(decide(load(master(30)), 20 / 30.0, 0)).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(30)), 21 / 30.0, 0))
        .isEqualTo(new ScaleOut(2, Reason.FULL_BEFORE_OPEN));
  }

  @Test
  void the_joins_of_the_time_to_open_are_seated_in_one_step() {
    assertThat(decide(load(master(30)), 10, 0)).isEqualTo(new ScaleOut(7, Reason.FULL_BEFORE_OPEN));
  }

  @Test
  void the_rule_that_wants_most_is_the_reason() {
    assertThat(decide(load(master(45)), 0, 120)).isEqualTo(new ScaleOut(3, Reason.PREWARM));
    assertThat(decide(load(master(45)), 3, 120))
        .isEqualTo(new ScaleOut(3, Reason.FULL_BEFORE_OPEN));
    assertThat(decide(load(master(85)), 0, 120))
        .isEqualTo(new ScaleOut(3, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void nothing_is_closed_that_joins_are_about_to_need() {
    StageLoad load = load(master(20), extra(1, 0, OLD));

    assertThat(decide(load, 0, 0)).isInstanceOf(ScaleIn.class);
    assertThat(decide(load, 2, 0)).isEqualTo(WITHIN_LIMITS);
  }

  @Test
  void a_pre_warm_has_its_seats_and_not_a_stage_more() {
    assertThat(decide(load(master(0)), 0, 50)).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(0)), 0, 51)).isEqualTo(new ScaleOut(2, Reason.PREWARM));
    assertThat(decide(load(master(0)), 0, 300)).isEqualTo(new ScaleOut(6, Reason.PREWARM));
  }

  @Test
  void a_pre_warm_keeps_what_demand_does_not_need() {
    assertThat(decide(even(2, 0), 0, 100)).isEqualTo(new Hold(Reason.KEPT_BY_PREWARM));
    assertThat(decide(even(3, 0), 0, 100)).isInstanceOf(ScaleIn.class);
    assertThat(decide(even(2, 0), 0, 50)).isInstanceOf(ScaleIn.class);
  }

  @Test
  void a_pre_warm_beyond_the_ceiling_is_refused_with_the_limit() {
    assertThat(policy.decide(input(load(master(0)), 0, 301), limits(0, 5), NOW))
        .isEqualTo(new ScaleOut(6, Reason.PREWARM, Optional.of(Limit.REPLICA_LIMIT)));
    assertThat(policy.decide(input(even(6, 0), 0, 301), limits(0, 5), NOW))
        .isEqualTo(new Hold(Reason.AT_MAXIMUM, Optional.of(Limit.REPLICA_LIMIT)));
  }

  @Test
  void keeps_a_warm_spare_beside_what_is_needed() {
    ScalingLimits limits = limits(1, 100);

    assertThat(policy.decide(ScalingInput.of(load(master(0))), limits, NOW))
        .isEqualTo(new ScaleOut(2, Reason.WARM_SPARE));
    assertThat(policy.decide(ScalingInput.of(load(master(41))), limits, NOW))
        .isEqualTo(new ScaleOut(3, Reason.ABOVE_SCALE_UP_LINE));
    assertThat(policy.decide(ScalingInput.of(even(2, 0)), limits, NOW)).isEqualTo(WITHIN_LIMITS);
    assertThat(policy.decide(ScalingInput.of(even(3, 0)), limits, NOW)).isInstanceOf(ScaleIn.class);
  }

  @Test
  void a_spare_that_is_not_possible_is_no_shortage() {
    assertThat(policy.decide(ScalingInput.of(even(6, 40)), limits(1, 5), NOW))
        .isEqualTo(WITHIN_LIMITS);
  }

  @Test
  void the_seats_of_a_pre_warm_are_spare_enough() {
    assertThat(policy.decide(input(even(3, 0), 0, 150), limits(1, 100), NOW))
        .isEqualTo(new Hold(Reason.KEPT_BY_PREWARM));
  }

  @Test
  void closes_nothing_for_a_while_after_a_change() {
    StageLoad load = load(master(0), extra(1, 0, OLD));
    Instant tooRecent = NOW.minus(Duration.ofMinutes(5)).plusMillis(1);

    assertThat(policy.decide(changed(load, tooRecent), limits(0, 5), NOW))
        .isEqualTo(new Hold(Reason.COOLING_DOWN));
    assertThat(policy.decide(changed(load, tooRecent.minusMillis(1)), limits(0, 5), NOW))
        .isEqualTo(new ScaleIn(arn(1), Reason.SPARE_STAGE));
  }

  @Test
  void a_stage_that_was_just_opened_is_a_change_that_nobody_need_tell() {
    StageLoad load =
        load(master(0), extra(1, 0, OLD), extra(2, 30, Duration.ofMinutes(5).minusMillis(1)));

    assertThat(policy.decide(ScalingInput.of(load), limits(0, 5), NOW))
        .isEqualTo(new Hold(Reason.COOLING_DOWN));
  }

  @Test
  void no_change_delays_an_opening() {
    assertThat(policy.decide(changed(load(master(41)), NOW), limits(0, 5), NOW))
        .isInstanceOf(ScaleOut.class);
    assertThat(decide(load(master(41), closing(extra(1, 1, OLD))), 0, 0))
        .isInstanceOf(ScaleOut.class);
  }

  @Test
  void an_operator_holds_whatever_comes() {
    for (StageLoad load :
        List.of(load(master(4000)), even(5, 0), load(List.of(), Optional.empty()))) {
      ScalingInput held =
          new ScalingInput(load, 50, 900, 1, Mode.HOLD, Optional.empty(), Elsewhere.NOTHING);
      assertThat(policy.decide(held, limits(1, 5), NOW)).isEqualTo(new Hold(Reason.OPERATOR_HOLD));
    }
  }

  @Test
  void a_forecast_or_floor_that_cannot_be_true_holds() {
    StageLoad load = load(master(45));
    Optional<Instant> never = Optional.empty();

    for (ScalingInput wrong :
        List.of(
            input(load, -1, 0),
            input(load, Double.NaN, 0),
            input(load, Double.POSITIVE_INFINITY, 0),
            input(load, 0, -1),
            new ScalingInput(load, 0, 0, -1, Mode.AUTO, never, Elsewhere.NOTHING),
            new ScalingInput(load, 0, 0, 1, Mode.AUTO, never, new Elsewhere(-1, 0)),
            new ScalingInput(load, 0, 0, 1, Mode.AUTO, never, new Elsewhere(0, -1)))) {
      assertThat(policy.decide(wrong, limits(0, 5), NOW))
          .isEqualTo(new Hold(Reason.IMPOSSIBLE_INPUT));
    }
  }

  @Test
  void a_rate_beyond_all_bounds_wants_what_there_may_be() {
    assertThat(policy.decide(input(load(master(1)), 1e300, Long.MAX_VALUE), limits(0, 5), NOW))
        .isEqualTo(new ScaleOut(6, Reason.FULL_BEFORE_OPEN, Optional.of(Limit.REPLICA_LIMIT)));
  }
}
