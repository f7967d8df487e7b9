package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.model.StageArn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the scaler does is told on the simulated bus, however badly that works. */
final class FleetNoticesTest {
  private final FleetHouse house = new FleetHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  @Test
  void the_whole_way_of_a_stage_arrives_though_the_bus_throttles_and_fails_in_part() {
    fault("{\"op\":\"PutEvents\",\"kind\":\"throttle\",\"times\":4}");
    fault("{\"op\":\"PutEvents\",\"kind\":\"partial\",\"times\":2}");
    house.startScaler(Map.of());
    soon().until(() -> house.open().containsKey(house.master()));
    for (int i = 0; i < 45; i++) {
      assertThat(house.join("u" + i)).isPresent();
    }
    soon().until(() -> house.open().size() == 2);
    StageArn second = house.tagged().iterator().next();
    for (int i = 0; i < 45; i++) {
      house.leave("u" + i);
    }

    soon().until(() -> isTold(second, "Stage Closed"));
    assertThat(types(second)).containsExactly("Stage Opened", "Stage Draining", "Stage Closed");
    assertThat(types(null))
        .containsSubsequence(
            "Capacity Ran Short",
            "Stage Opened",
            "Capacity Recovered",
            "Stage Draining",
            "Stage Closed");
  }

  /** The world goes on meanwhile: a scaler whose counts do not move holds. */
  private boolean isTold(StageArn stage, String type) {
    house.count();
    return types(stage).contains(type);
  }

  private void fault(String fault) {
    house.simulator("POST", "/_sim/faults", fault);
  }

  /** Of the stage, or of all; each event once, in the order in which they were told. */
  private List<String> types(@Nullable StageArn stage) {
    Map<String, String> types = new TreeMap<>();
    for (JsonNode event : house.simulator("GET", "/_sim/events", "").path("events")) {
      assertThat(event.path("source").asText()).isEqualTo("fullhouse.scaler");
      if (stage == null || event.at("/resources/0").asText().equals(stage.value())) {
        types.put(event.at("/detail/metadata/eventId").asText(), event.path("detailType").asText());
      }
    }
    return new ArrayList<>(types.values());
  }
}
