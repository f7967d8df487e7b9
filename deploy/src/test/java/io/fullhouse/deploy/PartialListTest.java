package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.testing.MutableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** IVS tells the first page of its stages and not the second: nothing follows from that. */
final class PartialListTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final int FOREIGN = 110; // a page is a hundred

  private final FleetHouse house = new FleetHouse();
  private final MutableTime time = MutableTime.fromNow();
  private final SteppedScaler scaler =
      new SteppedScaler("scaler-1", house.site(INTERVAL), time, point -> {});

  @AfterEach
  void close() {
    scaler.close();
    house.close();
  }

  @Test
  void a_list_that_broke_off_adopts_forgets_and_deletes_nothing() throws Exception {
    for (int i = 0; i < FOREIGN; i++) {
      house.simulator("POST", "/CreateStage", "{\"name\":\"foreign-" + i + "\"}");
    }
    house.count();
    scaler.step();
    StageArn orphan = orphan();
    StageArn vanished = new StageArn(house.master().value().replace("Master1", "Vanished"));
    Instant old = Instant.now().minusSeconds(60);
    StageMetadata known =
        new StageMetadata(
            "v", vanished, true, old, StageMetadata.ACTIVE, FleetHouse.CAPACITY, Optional.empty());
    var redis = house.redis().commands();
    await(redis.hset(house.keys().scalerFleet(), vanished.value(), known.toJson()));
    await(redis.hset(house.keys().scalerIntents(), "r2", "" + old.toEpochMilli()));
    house.count();
    scaler.step(); // what was taken from the registry is there again
    Set<StageArn> tagged = house.tagged();
    String written = written();
    house.simulator("POST", "/_sim/faults", "{\"op\":\"ListStages\",\"kind\":\"partial\"}");

    int brokenOff = brokenOff();
    for (int inventory = 0; inventory < 2; inventory++) {
      time.advance(INTERVAL);
      house.count();
      scaler.step();
    }
    assertThat(brokenOff()).as("lists that broke off").isGreaterThanOrEqualTo(brokenOff + 2);
    assertThat(written()).isEqualTo(written);
    assertThat(house.tagged()).isEqualTo(tagged);
    assertThat(calls("CreateStage")).hasSize(FOREIGN + 1);
    assertThat(calls("DeleteStage")).isEmpty();
    assertThat(calls("GetStage")).noneMatch(call -> call.contains(vanished.value()));

    house.simulator("DELETE", "/_sim/faults", "");
    time.advance(INTERVAL);
    scaler.step();
    assertThat(house.metadata(orphan)).isPresent();
    assertThat(house.metadata(vanished).map(StageMetadata::state))
        .isNotEqualTo(Optional.of(StageMetadata.ACTIVE));
    assertThat(await(redis.hexists(house.keys().scalerIntents(), "r2"))).isFalse();
    assertThat(house.foreignStageIsThere()).isTrue();
  }

  /** As a scaler leaves it that was killed when IVS had made it. */
  private StageArn orphan() {
    String tags =
        "{\"fullhouse:broadcast\":\"main\",\"fullhouse:master\":\"%s\",\"fullhouse:request\":\"r1\"}"
            .formatted(house.master().id());
    JsonNode made =
        house.simulator("POST", "/CreateStage", "{\"name\":\"main-r1\",\"tags\":" + tags + "}");
    return new StageArn(made.at("/stage/arn").asText());
  }

  /** The master is asked for by itself, and that is written down. */
  private String written() {
    return house.written().replaceAll("\"endpointsFetchedAt\":\"[^\"]*\"", "");
  }

  private int brokenOff() {
    return (int)
        calls("ListStages").stream().filter(call -> !call.contains("\"status\":200")).count();
  }

  private List<String> calls(String operation) {
    List<String> calls = new ArrayList<>();
    house
        .simulator("GET", "/_sim/calls?op=" + operation, "")
        .path("calls")
        .forEach(call -> calls.add(call.toString()));
    return calls;
  }
}
