package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageLoad.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What holds for any load; a failure names its seed. */
final class ScalingPolicyPropertyTest {
  private static final int LOADS = 20_000;

  private final ScalingPolicy policy = new ScalingPolicy();

  private record Situation(StageLoad load, ScalingLimits limits) {}

  @Test
  void decisions_stay_within_one_and_the_maximum() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad after = Loads.after(situation.load(), decision);
          if (decision instanceof ScaleOut out) {
            assertThat(out.desired()).isBetween(1, situation.limits().maxStages());
            assertThat(out.desired()).isGreaterThan(situation.load().open());
          }
          assertThat(after.open()).isGreaterThanOrEqualTo(1);
        });
  }

  @Test
  void a_decision_that_is_carried_out_holds() {
    forAnyLoad(
        (situation, decision) ->
            assertThat(
                    policy.decide(Loads.after(situation.load(), decision), situation.limits(), NOW))
                .isInstanceOf(Hold.class));
  }

  @Test
  void a_closed_stage_is_not_wanted_again() {
    forAnyLoad(
        (situation, decision) -> {
          if (decision instanceof ScaleIn in) {
            List<Stage> rest = new ArrayList<>(situation.load().stages());
            rest.removeIf(stage -> stage.arn().equals(in.stage()));
            // Its viewers have moved to the master.
            long moved =
                situation.load().totalViewers() - Loads.load(rest, Optional.empty()).totalViewers();
            rest.set(0, Loads.master(rest.get(0).viewers() + moved));
            assertThat(
                    policy.decide(
                        Loads.load(rest, situation.load().age()), situation.limits(), NOW))
                .isNotInstanceOf(ScaleOut.class);
          }
        });
  }

  @Test
  void only_warm_stages_of_our_own_are_closed_and_the_rest_has_room() {
    forAnyLoad(
        (situation, decision) -> {
          if (decision instanceof ScaleIn in) {
            StageLoad load = situation.load();
            Stage closed =
                load.stages().stream()
                    .filter(stage -> stage.arn().equals(in.stage()))
                    .findFirst()
                    .orElseThrow();
            assertThat(closed.autoScaled()).isTrue();
            assertThat(closed.viewers()).isLessThanOrEqualTo(situation.limits().scaleDownViewers());
            assertThat(closed.createdAt().orElseThrow())
                .isBeforeOrEqualTo(NOW.minus(situation.limits().warmUp()));
            assertThat(load.demand())
                .isLessThanOrEqualTo(situation.limits().scaleUpLine(load.open() - 1));
          }
        });
  }

  @Test
  void without_fresh_possible_counts_nothing_is_changed() {
    forAnyLoad(
        (situation, decision) -> {
          StageLoad load = situation.load();
          Duration old = ScalingPolicy.STALE_AFTER.plusMillis(1);
          for (StageLoad unusable :
              List.of(
                  Loads.load(load.stages(), Optional.empty()),
                  Loads.load(load.stages(), Optional.of(old)),
                  new StageLoad(load.stages(), load.totalViewers() + 1, EntryId.ZERO, load.age()),
                  Loads.load(List.of(), load.age()))) {
            assertThat(policy.decide(unusable, situation.limits(), NOW)).isInstanceOf(Hold.class);
          }
        });
  }

  private void forAnyLoad(BiConsumer<Situation, ScalingDecision> property) {
    for (long seed = 0; seed < LOADS; seed++) {
      Situation situation = situation(new Random(seed));
      try {
        property.accept(situation, policy.decide(situation.load(), situation.limits(), NOW));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + situation, e);
      }
    }
  }

  private static Situation situation(Random random) {
    int capacity = 10 + random.nextInt(random.nextBoolean() ? 50 : 9_500);
    ScalingLimits limits =
        new ScalingLimits(
            capacity,
            1 + random.nextInt(20),
            BigDecimal.valueOf(50 + random.nextInt(51), 2),
            random.nextInt(6),
            Duration.ofMinutes(random.nextInt(10)));
    List<Stage> stages = new ArrayList<>();
    stages.add(Loads.master(random.nextInt(2 * capacity)));
    int extra = random.nextInt(limits.maxStages());
    for (int i = 1; i <= extra; i++) {
      long viewers = random.nextInt(random.nextBoolean() ? 8 : capacity);
      Stage stage = Loads.extra(i, viewers, Duration.ofSeconds(random.nextInt(1200)));
      stages.add(random.nextInt(10) == 0 ? Loads.closing(stage) : stage);
    }
    return new Situation(
        Loads.load(stages, Optional.of(Duration.ofSeconds(random.nextInt(30)))), limits);
  }
}
