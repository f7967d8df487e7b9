package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.LIMITS;
import static io.fullhouse.scaler.Loads.NOW;
import static io.fullhouse.scaler.Loads.arn;
import static io.fullhouse.scaler.Loads.closing;
import static io.fullhouse.scaler.Loads.even;
import static io.fullhouse.scaler.Loads.extra;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static io.fullhouse.scaler.Loads.preparing;
import static io.fullhouse.scaler.Loads.spare;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageCeiling.Limit;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of demand, one by one. */
final class ScalingPolicyTest {
  private static final Duration OLD = Duration.ofHours(1);
  private static final ScalingDecision WITHIN_LIMITS = new Hold(Reason.WITHIN_LIMITS);

  private static ScalingDecision decide(StageLoad load) {
    return decide(load, LIMITS);
  }

  private static ScalingDecision decide(StageLoad load, ScalingLimits limits) {
    return new ScalingPolicy().decide(ScalingInput.of(load), limits, NOW);
  }

  private static ScalingLimits onePublisher() {
    return Loads.limits(50, 20, "0.8", 5, Duration.ofMinutes(5), 0, Loads.quotas(5));
  }

  @Test
  void holds_up_to_the_scale_up_line_and_scales_out_above_it() {
    assertThat(decide(load(master(0)))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(40)))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(41)))).isEqualTo(new ScaleOut(2, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void wants_all_the_stages_at_once() {
    assertThat(decide(load(master(240)))).isEqualTo(new ScaleOut(6, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void seats_of_joins_in_flight_count() {
    Stage filling = new Stage(Loads.MASTER, State.OPEN, 45, 2, Optional.of(NOW), false);

    assertThat(decide(load(filling))).isEqualTo(new ScaleOut(2, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void viewers_of_a_closing_stage_need_a_seat_elsewhere() {
    assertThat(decide(load(master(30), closing(extra(1, 11, OLD)))))
        .isEqualTo(new ScaleOut(2, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void a_stage_on_its_way_is_not_asked_for_again() {
    StageLoad asked = load(master(85));
    ScalingDecision busy = new Hold(Reason.CHANGE_IN_PROGRESS);

    assertThat(decide(asked)).isEqualTo(new ScaleOut(3, Reason.ABOVE_SCALE_UP_LINE));
    assertThat(decide(load(master(85), preparing(1))))
        .isEqualTo(new ScaleOut(3, Reason.ABOVE_SCALE_UP_LINE));
    assertThat(decide(load(master(85), preparing(1), preparing(2)))).isEqualTo(busy);
    assertThat(decide(Loads.after(asked, decide(asked)))).isEqualTo(busy);
  }

  @Test
  void what_is_forbidden_is_refused_with_the_limit() {
    ScalingLimits limits = onePublisher();

    assertThat(decide(load(master(240)), limits))
        .isEqualTo(new ScaleOut(6, Reason.ABOVE_SCALE_UP_LINE));
    assertThat(decide(load(master(241)), limits))
        .isEqualTo(new ScaleOut(6, Reason.ABOVE_SCALE_UP_LINE, Optional.of(Limit.REPLICA_LIMIT)));
    assertThat(decide(even(6, 41), limits))
        .isEqualTo(new Hold(Reason.AT_MAXIMUM, Optional.of(Limit.REPLICA_LIMIT)));
    assertThat(decide(even(20, 41), LIMITS))
        .isEqualTo(new Hold(Reason.AT_MAXIMUM, Optional.of(Limit.MAX_STAGES)));
  }

  @Test
  void a_closing_stage_holds_its_place_until_it_is_gone() {
    List<Stage> stages = new ArrayList<>(List.of(master(245)));
    for (int number = 1; number < 6; number++) {
      stages.add(closing(extra(number, 0, OLD)));
    }
    assertThat(decide(load(stages.toArray(Stage[]::new)), onePublisher()))
        .isEqualTo(new Hold(Reason.AT_MAXIMUM, Optional.of(Limit.REPLICA_LIMIT)));

    stages.remove(5);
    assertThat(decide(load(stages.toArray(Stage[]::new)), onePublisher()))
        .isEqualTo(new ScaleOut(2, Reason.ABOVE_SCALE_UP_LINE, Optional.of(Limit.REPLICA_LIMIT)));
  }

  @Test
  void a_stage_that_closes_because_it_was_spare_can_be_wanted_back_at_the_ceiling() {
    Stage[] stages = new Stage[6];
    stages[0] = master(90);
    for (int i = 1; i < 6; i++) {
      stages[i] = i < 3 ? spare(extra(i, 0, OLD)) : closing(extra(i, 0, OLD));
    }
    assertThat(decide(load(stages), onePublisher()))
        .isEqualTo(new ScaleOut(3, Reason.ABOVE_SCALE_UP_LINE));
  }

  @Test
  void closes_a_spare_stage() {
    assertThat(decide(load(master(27), extra(1, 5, OLD))))
        .isEqualTo(new ScaleIn(arn(1), Reason.SPARE_STAGE));
  }

  @Test
  void keeps_a_stage_that_has_more_viewers_than_the_scale_down_line() {
    Stage joining = new Stage(arn(1), State.OPEN, 6, 1, Optional.of(NOW.minus(OLD)), true);

    assertThat(decide(load(master(20), extra(1, 6, OLD)))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(20), joining))).isEqualTo(WITHIN_LIMITS);
  }

  @Test
  void keeps_a_stage_when_what_remains_would_be_near_the_scale_up_line() {
    assertThat(decide(load(master(32), extra(1, 1, OLD)))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(32), extra(1, 0, OLD))))
        .isEqualTo(new ScaleIn(arn(1), Reason.SPARE_STAGE));
  }

  @Test
  void keeps_a_stage_that_is_warming_up() {
    Duration warmUp = LIMITS.warmUp();

    assertThat(decide(load(master(0), extra(1, 0, warmUp.minusMillis(1)))))
        .isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(0), extra(1, 0, warmUp))))
        .isEqualTo(new ScaleIn(arn(1), Reason.SPARE_STAGE));
  }

  @Test
  void never_closes_a_stage_that_it_did_not_make_or_knows_nothing_about() {
    Stage unknown = new Stage(arn(1), State.OPEN, 0, 0, Optional.empty(), true);
    Stage manual = new Stage(arn(2), State.OPEN, 0, 0, Optional.of(NOW.minus(OLD)), false);

    assertThat(decide(load(master(0), unknown))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(0), manual))).isEqualTo(WITHIN_LIMITS);
  }

  @Test
  void closes_the_least_loaded_and_among_equals_the_one_opened_last() {
    Stage older = extra(1, 0, OLD.plusMinutes(1));
    Stage newer = extra(2, 0, OLD);
    Stage fuller = extra(3, 1, OLD.minusMinutes(1));

    assertThat(decide(load(master(0), older, newer, fuller)))
        .isEqualTo(new ScaleIn(arn(2), Reason.SPARE_STAGE));
  }

  @Test
  void closes_nothing_while_a_stage_is_on_its_way_in_or_out() {
    ScalingDecision busy = new Hold(Reason.CHANGE_IN_PROGRESS);

    assertThat(decide(load(master(0), extra(1, 0, OLD), closing(extra(2, 1, OLD)))))
        .isEqualTo(busy);
    assertThat(decide(load(master(0), extra(1, 0, OLD), preparing(2)))).isEqualTo(busy);
  }

  @Test
  void holds_without_counts() {
    assertThat(decide(load(List.of(master(45)), Optional.empty())))
        .isEqualTo(new Hold(Reason.MISSING_INPUT));
  }

  @Test
  void holds_when_the_counts_have_not_moved_for_too_long() {
    Duration limit = ScalingPolicy.STALE_AFTER;

    assertThat(decide(load(List.of(master(45)), Optional.of(limit)))).isInstanceOf(ScaleOut.class);
    assertThat(decide(load(List.of(master(45)), Optional.of(limit.plusMillis(1)))))
        .isEqualTo(new Hold(Reason.STALE_INPUT));
  }

  @Test
  void holds_on_numbers_that_cannot_be_true() {
    Stage negative = new Stage(arn(1), State.OPEN, -1, 0, Optional.of(NOW), true);
    Optional<Duration> fresh = Optional.of(Duration.ofSeconds(1));
    List<Stage> stages = List.of(master(45));

    for (StageLoad wrong :
        List.of(
            load(master(45), negative),
            load(Loads.withPublishers(master(45), -1)),
            new StageLoad(stages, 44, EntryId.ZERO, fresh),
            new StageLoad(stages, 45, EntryId.ZERO, fresh, -1))) {
      assertThat(decide(wrong)).isEqualTo(new Hold(Reason.IMPOSSIBLE_INPUT));
    }
  }

  @Test
  void holds_while_the_registry_is_lost() {
    Stage lost = new Stage(Loads.MASTER, State.UNREGISTERED, 0, 45, Optional.empty(), false);

    assertThat(decide(load(lost))).isEqualTo(new Hold(Reason.NO_OPEN_STAGE));
    assertThat(decide(load(lost, preparing(1)))).isEqualTo(new Hold(Reason.NO_OPEN_STAGE));
  }
}
