package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.LIMITS;
import static io.fullhouse.scaler.Loads.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.scaler.NoticeBoard.Fact;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageCeiling.Limit;
import io.fullhouse.scaler.StageLoad.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PassFactsTest {
  @Test
  void all_is_as_usual() {
    assertThat(values(new Hold(Reason.WITHIN_LIMITS)))
        .containsExactly("publisher=", "scaling=", "capacity=");
  }

  @Test
  void somebody_publishes() {
    Publishing anna = new Publishing(new ParticipantId("p1"), Loads.MASTER, true);

    assertThat(
            PassFacts.of(
                seen(List.of(Loads.master(1)), List.of(anna)),
                new Hold(Reason.WITHIN_LIMITS),
                LIMITS))
        .extracting(fact -> fact.notice().type())
        .contains("Publisher Went Live");
  }

  @Test
  void a_further_stage_that_is_needed_means_that_capacity_is_short() {
    assertThat(values(new ScaleOut(2, Reason.FULL_BEFORE_OPEN))).contains("capacity=short");
  }

  @Test
  void one_that_an_operator_wants_does_not() {
    assertThat(values(new ScaleOut(2, Reason.PREWARM))).contains("capacity=");
  }

  @Test
  void capacity_stays_as_it_was_told_while_a_stage_is_on_its_way() {
    assertThat(values(new Hold(Reason.CHANGE_IN_PROGRESS), Loads.preparing(1)))
        .containsExactly("publisher=", "scaling=");
  }

  @Test
  void a_limit_in_the_way_means_that_capacity_is_exhausted() {
    assertThat(values(new Hold(Reason.AT_MAXIMUM, Optional.of(Limit.REPLICA_LIMIT))))
        .contains("capacity=REPLICA_LIMIT");
  }

  @Test
  void of_capacity_nothing_is_known_while_the_input_cannot_be_trusted() {
    assertThat(values(new Hold(Reason.STALE_INPUT)))
        .containsExactly("publisher=", "scaling=STALE_INPUT");
  }

  private static List<String> values(ScalingDecision decision, Stage... more) {
    List<Stage> stages = new ArrayList<>(List.of(more));
    stages.add(Loads.master(10));
    return PassFacts.of(seen(stages, List.of()), decision, LIMITS).stream()
        .map(PassFactsTest::text)
        .toList();
  }

  private static String text(Fact fact) {
    return fact.name() + "=" + fact.value();
  }

  private static Observation seen(List<Stage> stages, List<Publishing> publishers) {
    return new Observation(
        NOW,
        Loads.load(stages, Optional.of(Duration.ofSeconds(1))),
        Map.of(),
        Map.of(),
        publishers,
        false,
        "",
        false,
        Map.of(),
        "");
  }
}
