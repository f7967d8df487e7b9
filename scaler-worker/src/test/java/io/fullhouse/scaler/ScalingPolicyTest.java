package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.LIMITS;
import static io.fullhouse.scaler.Loads.NOW;
import static io.fullhouse.scaler.Loads.arn;
import static io.fullhouse.scaler.Loads.closing;
import static io.fullhouse.scaler.Loads.extra;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScalingPolicyTest {
  private static final Duration OLD = Duration.ofHours(1);
  private static final ScalingDecision WITHIN_LIMITS = new Hold(Reason.WITHIN_LIMITS);

  private static ScalingDecision decide(StageLoad load) {
    return new ScalingPolicy().decide(load, LIMITS, NOW);
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
  void never_wants_more_than_the_maximum() {
    assertThat(decide(load(master(100_000))))
        .isEqualTo(new ScaleOut(20, Reason.ABOVE_SCALE_UP_LINE));

    Stage[] all = new Stage[20];
    all[0] = master(100_000);
    for (int i = 1; i < 20; i++) {
      all[i] = extra(i, 0, OLD);
    }
    assertThat(decide(load(all))).isEqualTo(new Hold(Reason.AT_MAXIMUM));
  }

  @Test
  void closes_a_spare_stage() {
    assertThat(decide(load(master(30), extra(1, 5, OLD))))
        .isEqualTo(new ScaleIn(arn(1), Reason.SPARE_STAGE));
  }

  @Test
  void keeps_a_stage_that_has_more_viewers_than_the_scale_down_line() {
    assertThat(decide(load(master(20), extra(1, 6, OLD)))).isEqualTo(WITHIN_LIMITS);
  }

  @Test
  void keeps_a_stage_when_what_remains_would_be_above_the_scale_up_line() {
    assertThat(decide(load(master(40), extra(1, 1, OLD)))).isEqualTo(WITHIN_LIMITS);
    assertThat(decide(load(master(40), extra(1, 0, OLD))))
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

    assertThat(decide(load(master(0), unknown))).isEqualTo(WITHIN_LIMITS);
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
  void closes_one_stage_at_a_time() {
    assertThat(decide(load(master(0), extra(1, 0, OLD), closing(extra(2, 1, OLD)))))
        .isEqualTo(new Hold(Reason.CHANGE_IN_PROGRESS));
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
    StageLoad contradiction =
        new StageLoad(List.of(master(45)), 44, EntryId.ZERO, Optional.of(Duration.ofSeconds(1)));

    assertThat(decide(load(master(45), negative))).isEqualTo(new Hold(Reason.IMPOSSIBLE_INPUT));
    assertThat(decide(contradiction)).isEqualTo(new Hold(Reason.IMPOSSIBLE_INPUT));
  }

  @Test
  void holds_while_the_registry_is_lost() {
    Stage lost = new Stage(Loads.MASTER, State.UNREGISTERED, 0, 45, Optional.empty(), false);

    assertThat(decide(load(lost))).isEqualTo(new Hold(Reason.NO_OPEN_STAGE));
  }
}
