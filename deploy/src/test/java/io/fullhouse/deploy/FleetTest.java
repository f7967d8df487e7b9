package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.testing.TiedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scaler worker opens, fills, drains and deletes stages, whatever is killed or lost. */
final class FleetTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final FleetHouse house = new FleetHouse();

  @AfterEach
  void close() {
    assertThat(house.foreignStageIsThere()).isTrue();
    house.close();
  }

  private ConditionFactory soon() {
    return Awaitility.await().atMost(BOUND).pollInterval(Duration.ofMillis(100));
  }

  private void started(int scalers) {
    for (int i = 0; i < scalers; i++) {
      house.startScaler(Map.of());
    }
    soon().until(() -> house.open().containsKey(house.master()));
  }

  /** Seats them all, as they come and come again. */
  private void join(int from, int to) {
    for (int i = from; i < to; i++) {
      String user = "u" + i;
      if (house.join(user).isEmpty()) {
        soon().until(() -> house.join(user).isPresent() || house.open().isEmpty());
      }
      if (i % 10 == 0) {
        house.count();
      }
    }
    house.count();
  }

  @Test
  void opens_stages_before_they_are_needed_and_deletes_them_when_nobody_is_left() {
    started(1);
    join(0, 45);
    soon().until(() -> house.open().size() == 2);
    assertThat(house.tagged()).hasSize(1);
    StageArn second = house.tagged().iterator().next();
    StageMetadata metadata = house.metadata(second).orElseThrow();
    assertThat(metadata.state()).isEqualTo(StageMetadata.ACTIVE);
    assertThat(metadata.autoScaled()).isTrue();
    assertThat(metadata.parentStage()).contains(house.master());
    assertThat(metadata.endpoints()).isPresent();

    join(45, 245);
    assertThat(house.open().values()).allMatch(taken -> taken <= FleetHouse.CAPACITY);
    soon().until(() -> house.open().size() == house.tagged().size() + 1);

    for (int i = 0; i < 245; i++) {
      house.leave("u" + i);
    }
    soon()
        .untilAsserted(
            () -> {
              assertThat(house.open()).containsOnlyKeys(house.master());
              assertThat(house.tagged()).isEmpty();
            });
    assertThat(house.metadata(second)).isEmpty();
    assertThat(RedisAnswer.await(house.redis().commands().hlen(house.keys().scalerFleet())))
        .isEqualTo(1);
  }

  @Test
  void a_stage_that_drains_is_not_deleted_while_somebody_has_a_seat() {
    started(1);
    join(0, 60);
    soon().until(() -> house.open().size() == 2);
    StageArn second = house.tagged().iterator().next();
    List<String> staying = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      if (staying.isEmpty() && house.isOn("u" + i, second)) {
        staying.add("u" + i);
      } else {
        house.leave("u" + i);
      }
    }
    soon()
        .until(
            () ->
                house.open().size() == 1
                    && house
                        .metadata(second)
                        .filter(stage -> stage.state().equals(StageMetadata.DRAINING))
                        .isPresent());
    for (int pass = 0; pass < 3; pass++) {
      house.count();
      assertThat(house.tagged()).containsExactly(second);
    }

    assertThat(house.moveAway(staying.get(0))).isTrue();
    soon().until(() -> house.open().size() == 1 && house.tagged().isEmpty());
  }

  @Test
  void the_publisher_is_on_a_stage_before_it_takes_viewers() {
    started(1);
    JsonNode publisher = house.publish();
    house.publisherIsLive(publisher.path("participantId").asText(), "ivs");
    join(0, 45);

    soon().until(() -> house.open().size() == 2);
    StageArn second = house.tagged().iterator().next();
    assertThat(house.replicasOf(publisher)).containsExactly(second);
  }

  @Test
  void a_publisher_who_returns_as_another_participant_is_on_every_stage_again() {
    started(1);
    join(0, 45);
    soon().until(() -> house.open().size() == 2);
    StageArn second = house.tagged().iterator().next();
    JsonNode first = house.publish();
    house.publisherIsLive(first.path("participantId").asText(), "token");
    soon()
        .untilAsserted(
            () -> {
              house.count();
              assertThat(house.replicasOf(first)).containsExactly(second);
            });
    house.steer("leave", first);

    JsonNode again = house.publish();
    house.publisherIsLive(again.path("participantId").asText(), "ivs");
    soon()
        .untilAsserted(
            () -> {
              house.count();
              assertThat(house.replicasOf(again)).containsExactly(second);
            });
    soon().until(() -> house.open().size() == 2);
  }

  @Test
  void a_stage_whose_making_was_not_answered_is_found_and_none_is_made_twice() {
    fault("CreateStage", "lost-answer", 1);
    started(1);
    join(0, 45);

    soon().until(() -> house.open().size() == 2);
    assertThat(house.tagged()).hasSize(1);
    assertThat(RedisAnswer.await(house.redis().commands().hlen(house.keys().scalerIntents())))
        .isZero();
  }

  @Test
  void every_step_may_be_the_last_of_a_scaler_and_of_its_data() {
    started(1);
    join(0, 130);
    soon().until(() -> house.open().size() >= 4);
    RedisAnswer.await(house.redis().commands().flushall());

    soon().until(() -> house.open().keySet().containsAll(house.tagged()));
    assertThat(house.open()).containsKey(house.master());
  }

  @Test
  void a_scaler_that_was_frozen_leaves_the_fleet_to_the_next() {
    TiedProcess frozen = house.startScaler(Map.of());
    soon().until(() -> house.open().containsKey(house.master()));
    frozen.suspend();
    TiedProcess next = house.startScaler(Map.of());
    join(0, 45);
    soon().until(() -> house.open().size() == 2);
    frozen.resume();

    soon()
        .until(
            () -> house.output().stream().anyMatch(line -> line.contains("another scaler acts")));
    assertThat(house.tagged()).hasSize(1);
    next.kill();
    join(45, 95);
    soon().until(() -> house.open().size() >= 3);
    assertThat(house.open().keySet()).containsAll(house.tagged());
  }

  @Test
  void a_killed_scaler_leaves_no_orphan_whatever_it_was_doing() {
    house.simulator("POST", "/_sim/limits", "{\"createStageMillis\":300}");
    TiedProcess scaler = house.startScaler(Map.of());
    soon().until(() -> house.open().containsKey(house.master()));
    int users = 0;
    for (int kill = 0; kill < 3; kill++) {
      int before = creations();
      join(users, users + 45);
      users += 45;
      soon()
          .until(
              () -> {
                house.count();
                return creations() > before;
              });
      scaler.kill();
      scaler = house.startScaler(Map.of());
    }
    soon()
        .untilAsserted(
            () -> {
              Set<StageArn> open = new HashSet<>(house.open().keySet());
              open.remove(house.master());
              assertThat(open).isEqualTo(house.tagged());
            });
    assertThat(house.open().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(users);
  }

  private int creations() {
    return house.simulator("GET", "/_sim/calls?op=CreateStage", "").path("calls").size();
  }

  private void fault(String operation, String kind, int times) {
    house.simulator(
        "POST",
        "/_sim/faults",
        "{\"op\":\"%s\",\"kind\":\"%s\",\"times\":%d}".formatted(operation, kind, times));
  }
}
