package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.model.StageArn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More stages than one publisher can be on: each further source raises the ceiling by six. */
final class SourcesTest {
  private static final int REPLICA_LIMIT = 5;

  private final FleetHouse house = new FleetHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200));
  }

  private void live(StageArn stage, JsonNode publisher) {
    house.publisherIsLive(stage, publisher.path("participantId").asText(), "ivs");
  }

  @Test
  void one_source_reaches_six_stages_and_four_reach_twenty() {
    house.startScaler(Map.of("MAX_STAGES", "20", "PREWARM", "1000"));
    soon().until(() -> house.open().size() == 1 + REPLICA_LIMIT);
    assertThat(house.output()).anyMatch(line -> line.contains("can seat 300: 6 stages x 50"));

    Map<StageArn, JsonNode> publishers = new LinkedHashMap<>();
    publishers.put(house.master(), house.publish());
    live(house.master(), publishers.get(house.master()));
    soon()
        .untilAsserted(
            () -> {
              house.count();
              assertThat(house.replicasOf(publishers.get(house.master()))).hasSize(REPLICA_LIMIT);
            });
    assertThat(house.open()).hasSize(1 + REPLICA_LIMIT);

    for (StageArn stage : house.tagged().stream().limit(3).toList()) {
      JsonNode publisher = house.publish(stage);
      publishers.put(stage, publisher);
      live(stage, publisher);
    }
    soon().until(() -> house.open().size() == 20);
    soon().untilAsserted(() -> assertEveryStageIsFedOnce(publishers));
  }

  private void assertEveryStageIsFedOnce(Map<StageArn, JsonNode> publishers) {
    house.count();
    List<StageArn> fed = new ArrayList<>();
    publishers
        .values()
        .forEach(
            publisher -> {
              List<StageArn> replicas = house.replicasOf(publisher);
              assertThat(replicas).hasSizeLessThanOrEqualTo(REPLICA_LIMIT);
              fed.addAll(replicas);
            });
    Set<StageArn> others = new HashSet<>(house.tagged());
    others.removeAll(publishers.keySet());
    assertThat(fed).containsExactlyInAnyOrderElementsOf(others);
  }
}
