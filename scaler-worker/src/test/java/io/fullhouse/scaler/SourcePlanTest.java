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
  private final Map<StageArn, Pin> pins = new HashMap<>();

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
    return changes(publishers.stream().map(Publishing::source).collect(Collectors.toSet()));
  }

  private Map<StageArn, StageArn> changes(Set<StageArn> onAir) {
    StageLoad load = new StageLoad(List.of(), 0, EntryId.ZERO, Optional.empty());
    Observation seen =
        new Observation(NOW, load, fleet, Map.of(), publishers, false, "", false, pins, "");
    return SourcePlan.changes(seen, onAir::contains, REPLICA_LIMIT);
  }

  private void pin(int stage, int source) {
    pins.put(arn(stage), new Pin(arn(source), new ParticipantId("p" + source)));
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

  @Test
  void a_pinned_stage_goes_to_its_source_and_stays() {
    stages(5);
    publishesTo(0, 1);
    pin(3, 1);

    assertThat(changes()).isEqualTo(Map.of(arn(3), arn(1)));
    apply();
    assertThat(changes()).isEmpty();
  }

  @Test
  void another_source_stands_in_while_nobody_publishes_where_it_is_pinned() {
    stages(5);
    publishesTo(0, 1);
    pin(3, 1);
    apply();

    publishers.removeIf(publisher -> publisher.source().equals(arn(1)));
    assertThat(changes()).isEqualTo(Map.of(arn(3), arn(0)));
    apply();
    assertThat(changes()).isEmpty();

    publishesTo(1);
    assertThat(changes()).isEqualTo(Map.of(arn(3), arn(1)));
  }

  @Test
  void a_pin_takes_no_picture_from_another_stage_and_waits_for_room() {
    stages(9);
    publishesTo(0, 1);
    fleet.replaceAll((arn, stage) -> arn.equals(arn(0)) ? stage : stage.fedFrom(arn(1)));
    List.of(2, 3, 4).forEach(full -> fleet.put(arn(full), known(arn(full)).fedFrom(arn(0))));
    fleet.remove(arn(8));
    fleet.put(arn(5), known(arn(5)).fedFrom(arn(0)));
    fleet.put(arn(6), known(arn(6)).fedFrom(arn(0)));
    pin(7, 0); // which feeds five already

    assertThat(fedBy(0, 1)).isEqualTo(Map.of(arn(0), 5L, arn(1), 1L));
    assertThat(changes()).isEmpty();
    fleet.put(arn(2), known(arn(2)).unfed());
    assertThat(changes()).isEqualTo(Map.of(arn(7), arn(0)));
  }

  @Test
  void of_those_that_name_a_source_the_pinned_ones_have_its_room_first() {
    stages(7); // one too many
    publishesTo(0, 1);
    fleet.put(arn(1), known(arn(1)).unfed());
    stages(8);
    pin(7, 0);

    apply();
    assertThat(known(arn(7)).parentStage()).contains(arn(0));
    assertThat(changes()).isEmpty();
  }

  @Test
  void what_was_stopped_is_fed_by_nobody_pinned_or_not() {
    stages(3);
    publishesTo(0);
    fleet.put(arn(1), known(arn(1)).unfed());
    pin(1, 0);

    assertThat(changes()).isEmpty();
  }

  @Test
  void a_pin_to_one_with_only_a_token_leaves_the_picture_that_there_is() {
    stages(4);
    publishesTo(0);
    pin(3, 1);
    Set<StageArn> onAir = Set.of(arn(0));
    publishers.add(new Publishing(new ParticipantId("p1"), arn(1), false));

    assertThat(changes(onAir)).isEmpty();
  }
}
