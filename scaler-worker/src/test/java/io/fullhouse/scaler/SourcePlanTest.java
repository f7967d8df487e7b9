package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Observation.Publishing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which stage feeds which. */
final class SourcePlanTest {
  private static final int REPLICA_LIMIT = 5;
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final Map<StageArn, StageMetadata> fleet = new HashMap<>();
  private final List<Publishing> publishers = new ArrayList<>();

  private static StageArn arn(int number) {
    return new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/S" + number);
  }

  /** The first is the master, and made first; all others are fed from it. */
  private void stages(int count) {
    for (int i = 0; i < count; i++) {
      fleet.put(
          arn(i),
          new StageMetadata(
              "s" + i,
              arn(i),
              i > 0,
              NOW.plusSeconds(i),
              StageMetadata.ACTIVE,
              50,
              Optional.empty(),
              i == 0 ? Optional.empty() : Optional.of(arn(0)),
              NOW,
              ""));
    }
  }

  private void publishesTo(int... stages) {
    for (int stage : stages) {
      publishers.add(new Publishing(new ParticipantId("p" + stage), arn(stage), true));
    }
  }

  private Map<StageArn, StageArn> changes() {
    StageLoad load = new StageLoad(List.of(), 0, EntryId.ZERO, Optional.empty());
    Observation seen =
        new Observation(NOW, load, fleet, Map.of(), publishers, false, "", false, "");
    Set<StageArn> onAir = publishers.stream().map(Publishing::source).collect(Collectors.toSet());
    return SourcePlan.changes(seen, onAir::contains, REPLICA_LIMIT);
  }

  private StageMetadata known(StageArn stage) {
    return Objects.requireNonNull(fleet.get(stage));
  }

  private void apply() {
    changes().forEach((stage, source) -> fleet.put(stage, known(stage).fedFrom(source)));
  }

  private Map<StageArn, Long> fedBy(int... sources) {
    List<StageArn> known = Arrays.stream(sources).mapToObj(SourcePlanTest::arn).toList();
    return fleet.values().stream()
        .filter(stage -> !known.contains(stage.arn()))
        .collect(Collectors.groupingBy(s -> s.parentStage().orElseThrow(), Collectors.counting()));
  }

  @Test
  void four_sources_feed_twenty_stages_with_no_more_replicas_than_allowed() {
    stages(20);
    publishesTo(0, 1, 2, 3);

    apply();
    assertThat(fedBy(0, 1, 2, 3)).hasSize(4).allSatisfy((source, n) -> assertThat(n).isLessThan(6));
    assertThat(changes()).isEmpty();
  }

  @Test
  void a_stage_keeps_its_source_while_that_has_room() {
    stages(6);
    publishesTo(0, 1);

    assertThat(changes()).isEmpty();
  }

  @Test
  void what_finds_no_room_waits_with_the_source_it_has() {
    stages(8);
    publishesTo(0);

    assertThat(changes()).isEmpty();
  }

  @Test
  void stages_are_fed_by_the_others_when_a_source_goes() {
    stages(8);
    publishesTo(0, 1);
    apply();
    assertThat(fedBy(0, 1)).containsOnlyKeys(arn(0), arn(1));

    publishers.removeIf(publisher -> publisher.source().equals(arn(1)));
    publishesTo(2);
    apply();
    assertThat(fedBy(0, 2)).containsOnlyKeys(arn(0), arn(2));
    assertThat(known(arn(1)).parentStage()).isPresent();
  }

  @Test
  void one_that_drains_is_fed_until_its_end() {
    stages(7);
    fleet.put(arn(1), known(arn(1)).in(StageMetadata.DRAINING, NOW, "spare"));
    publishesTo(0, 2);

    apply();
    assertThat(fedBy(0, 2)).containsOnly(Map.entry(arn(0), 5L));
  }

  @Test
  void while_nobody_publishes_nothing_is_changed() {
    stages(12);

    assertThat(changes()).isEmpty();
  }
}
