package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of viewers whose stage stays without a picture, or drains for too long. */
final class StagesThatEndTest {
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final OperatedHouse operated = new OperatedHouse(s -> s.withDrainDeadline(DEADLINE));
  private final GatewayHouse house = operated.house;

  @AfterEach
  void close() {
    operated.close();
  }

  @Test
  void a_stage_that_stays_without_the_publisher_offers_its_viewers_another_one() throws Exception {
    operated.begin();
    StageArn room = room("room");
    StageArn other = room("other");
    String staying = seatOn(room, "staying");
    String moving = seatOn(other, "moving");
    house.fault(
        "{\"op\":\"StartParticipantReplication\",\"kind\":\"error\",\"status\":403,"
            + "\"type\":\"AccessDeniedException\",\"times\":1000}");
    goLive();
    operated.scaler.step();

    awaitBeat(staying, "continue"); // they wait for the picture
    assertThat(house.join("late").text("stageArn")).isEqualTo(house.master);
    pass(Duration.ofSeconds(20), room, other);
    awaitBeat(staying, "continue");
    pass(Duration.ofSeconds(11), room, other);
    awaitBeat(staying, "move stage-draining");
    awaitBeat(moving, "move stage-draining");
    JsonNode move = house.beat(moving).data().path("next");
    assertThat(move.path("stageArn").asText()).isEqualTo(house.master);

    awaitBeat(move.path("seat").asText(), "continue");
    house.fold();
    operated.scaler.step();
    assertThat(known(room).state()).isEqualTo(StageMetadata.DRAINING);
    assertThat(known(other).state()).as("made by an operator").isEqualTo(StageMetadata.CREATING);
    assertThat(inIvs(other)).isTrue();

    house.clearFaults();
    house.time.advance(Duration.ofMinutes(1));
    operated.scaler.step();
    assertThat(known(room).state()).isEqualTo(StageMetadata.ACTIVE);
    assertThat(known(other).state()).isEqualTo(StageMetadata.ACTIVE);
    awaitBeat(staying, "continue");
  }

  @Test
  void a_stage_that_drains_is_deleted_at_its_deadline_whoever_is_there() throws Exception {
    operated.begin();
    StageArn room = room("room");
    String seat = seatOn(room, "u1");
    Answer drained = operated.asked("DELETE", "/api/stage/" + room.id() + "?drain=true", "");
    assertThat(drained.text("state")).isEqualTo("draining");
    pass(DEADLINE.minusSeconds(20), room);
    assertThat(inIvs(room)).isTrue();

    pass(Duration.ofSeconds(21), room);

    assertThat(inIvs(room)).isFalse();
    List<Map<String, String>> notices =
        await(house.redis.commands().xrevrange(house.keys.notices(), Range.unbounded())).stream()
            .map(entry -> entry.getBody())
            .filter(notice -> notice.getOrDefault("notice", "").contains("Stage Closed"))
            .toList();
    assertThat(notices).singleElement().asString().contains("\"forced\":true", "taken=1");
    awaitBeat(seat, "rejoin stage-deleted");
    Answer again = house.rejoin(seat, "stage-deleted");
    assertThat(again.text("stageArn")).as("%s", again).isEqualTo(house.master);
    assertThat(house.total()).isEqualTo(1);
  }

  /** A stage made by hand beside the master. */
  private StageArn room(String name) throws InterruptedException {
    Answer made = operated.asked("POST", "/api/stage", "{\"name\":\"" + name + "\"}");
    operated.scaler.step();
    return new StageArn(made.text("stageArn"));
  }

  private String seatOn(StageArn stage, String user) {
    Answer joined =
        house.post(
            "/api/token/viewer", "{\"userId\":\"%s\",\"stageArn\":\"%s\"}".formatted(user, stage));
    assertThat(joined.text("stageArn")).isEqualTo(stage.value());
    house.fold();
    return joined.text("seat");
  }

  /** Somebody publishes to the master, as IVS itself says. */
  private void goLive() {
    house.ivs(
        "/_sim/deliver",
        "{\"url\":\"%s\",\"apiKey\":\"%s\"}"
            .formatted(house.address("/api/events/ivs"), GatewayHouse.KEY));
    String token =
        house
            .ivs("/CreateParticipantToken", tokenWish())
            .body()
            .at("/participantToken/token")
            .asText();
    JsonNode joined = house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}").body();
    house.ivs(
        "/_sim/publish",
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}"
            .formatted(house.master, joined.path("participantId").asText()));
    Awaitility.await()
        .until(
            () -> {
              house.fold();
              return house.get("/api/stats/publisher").text("evidence").equals("ivs");
            });
  }

  private String tokenWish() {
    return "{\"stageArn\":\"%s\",\"capabilities\":[\"PUBLISH\"]}".formatted(house.master);
  }

  private StageMetadata known(StageArn stage) {
    String json = await(house.redis.commands().hget(house.keys.scalerFleet(), stage.value()));
    return StageMetadata.fromJson(json).orElseThrow();
  }

  /** They have been in their state for longer, by Redis's clock, when the scaler looks again. */
  private void pass(Duration time, StageArn... stages) throws InterruptedException {
    for (StageArn stage : stages) {
      StageMetadata known = known(stage);
      StageMetadata earlier = known.in(known.state(), known.since().minus(time), known.reason());
      String json = earlier.toJson();
      await(house.redis.commands().hset(house.keys.scalerFleet(), stage.value(), json));
    }
    operated.scaler.step();
  }

  private boolean inIvs(StageArn stage) {
    for (JsonNode each : house.stages()) {
      if (each.path("arn").asText().equals(stage.value())) {
        return true;
      }
    }
    return false;
  }

  /** Heartbeats are answered from what the statistics show, which may be a moment old. */
  private void awaitBeat(String seat, String next) {
    house.fold();
    Awaitility.await().untilAsserted(() -> assertThat(house.beat(seat).next()).isEqualTo(next));
  }
}
