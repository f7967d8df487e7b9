package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageLoad.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What holds for any load; a failure names its seed. */
final class ScalingPolicyPropertyTest {
  private static final int LOADS = 20_000;

  private final ScalingPolicy policy = new ScalingPolicy();

  @Test
  void nothing_is_opened_above_the_ceiling_and_one_stage_stays() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad load = situation.load();
          StageLoad after = Loads.after(load, decision);
          int ceiling = StageCeiling.of(situation.input(), situation.limits()).stages();
          if (decision instanceof ScaleOut out) {
            assertThat(out.desired()).isBetween(1, ceiling);
            assertThat(out.desired()).isGreaterThan(load.open() + load.preparing());
            assertThat(after.existing()).isLessThanOrEqualTo(Math.max(ceiling, load.existing()));
          }
          assertThat(after.open()).isGreaterThanOrEqualTo(1);
        });
  }

  @Test
  void a_decision_that_is_carried_out_holds() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad after = Loads.after(situation.load(), decision);
          assertThat(decide(situation.with(after))).isInstanceOf(Hold.class);
          StageLoad settled = Loads.settled(after, NOW);
          boolean roomWasMade = settled.existing() < after.existing();
          if (decision instanceof ScaleOut && !roomWasMade) {
            assertThat(decide(situation.with(settled))).isInstanceOf(Hold.class);
          }
        });
  }

  @Test
  void what_a_limit_forbids_is_said_and_nothing_else() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad load = situation.load();
          int have =
              decision instanceof ScaleOut out ? out.desired() : load.open() + load.preparing();
          boolean enough =
              have >= situation.limits().stagesFor(load.demand())
                  && have >= situation.limits().stagesToSeat(situation.input().floorSeats())
                  && have >= situation.limits().stagesToSeat(situation.forecast());
          assertThat(decision.limit().isEmpty()).isEqualTo(enough);
        });
  }

  @Test
  void a_closed_stage_is_not_wanted_again() {
    forAnyLoad(
        (situation, decision) -> {
          if (decision instanceof ScaleIn in) {
            List<Stage> rest = new ArrayList<>(situation.load().stages());
            rest.removeIf(stage -> stage.arn().equals(in.stage()));
            // Its viewers have moved to the master.
            long moved = situation.load().totalViewers() - Loads.load(rest, NONE).totalViewers();
            rest.set(0, Loads.master(rest.get(0).viewers() + moved));
            assertThat(decide(situation.with(Loads.load(rest, situation.load().age()))))
                .isNotInstanceOf(ScaleOut.class);
          }
        });
  }

  @Test
  void only_warm_stages_of_our_own_are_closed_in_quiet_times_and_the_rest_has_room() {
    forAnyLoad(
        (situation, decision) -> {
          if (decision instanceof ScaleIn in) {
            StageLoad load = situation.load();
            ScalingLimits limits = situation.limits();
            Stage closed =
                load.stages().stream()
                    .filter(stage -> stage.arn().equals(in.stage()))
                    .findFirst()
                    .orElseThrow();
            int rest = load.open() - 1;
            assertThat(closed.autoScaled()).isTrue();
            assertThat(closed.audience()).isLessThanOrEqualTo(limits.scaleDownViewers());
            assertThat(closed.createdAt().orElseThrow())
                .isBeforeOrEqualTo(NOW.minus(limits.warmUp()))
                .isBeforeOrEqualTo(NOW.minus(limits.coolDown()));
            situation
                .input()
                .lastChange()
                .ifPresent(at -> assertThat(at).isBeforeOrEqualTo(NOW.minus(limits.coolDown())));
            assertThat(load.demand())
                .isLessThan(limits.scaleUpLine(rest - limits.spareStages()) * 9 / 10 + 1);
            long seats = (long) rest * limits.stageCapacity();
            assertThat(situation.input().floorSeats()).isLessThanOrEqualTo(seats);
            assertThat(situation.forecast()).isLessThanOrEqualTo(seats);
            assertThat(load.changing()).isFalse();
          }
        });
  }

  @Test
  void without_fresh_possible_counts_nothing_is_changed() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad load = situation.load();
          Duration old = ScalingPolicy.STALE_AFTER.plusMillis(1);
          Map.of(
                  Loads.load(load.stages(), NONE),
                  Reason.MISSING_INPUT,
                  Loads.load(load.stages(), Optional.of(old)),
                  Reason.STALE_INPUT,
                  new StageLoad(load.stages(), load.totalViewers() + 1, EntryId.ZERO, load.age()),
                  Reason.IMPOSSIBLE_INPUT,
                  unknown(load),
                  Reason.UNKNOWN_COUNTS,
                  Loads.load(List.of(), load.age()),
                  Reason.NO_OPEN_STAGE)
              .forEach(
                  (unusable, reason) ->
                      assertThat(decide(situation.with(unusable))).isEqualTo(new Hold(reason)));
          assertThat(decide(situation.with(Mode.HOLD))).isEqualTo(new Hold(Reason.OPERATOR_HOLD));
        });
  }

  private static StageLoad unknown(StageLoad load) {
    return new StageLoad(
        load.stages(), load.totalViewers(), EntryId.ZERO, load.age(), 0, OptionalInt.of(3));
  }

  private static final Optional<Duration> NONE = Optional.empty();

  private ScalingDecision decide(RandomSituation situation) {
    return policy.decide(situation.input(), situation.limits(), NOW);
  }

  private void forAnyLoad(BiConsumer<RandomSituation, ScalingDecision> property) {
    for (long seed = 0; seed < LOADS; seed++) {
      RandomSituation situation = RandomSituation.of(new Random(seed));
      try {
        property.accept(situation, decide(situation));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + situation, e);
      }
    }
  }
}
