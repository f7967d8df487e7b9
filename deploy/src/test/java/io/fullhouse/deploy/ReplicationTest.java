package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.scaler.SteppedScaler;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is shown where, by hand and by IVS's own word: real gateway and scaler, simulated IVS. */
final class ReplicationTest {
  private final OperatedHouse operated = new OperatedHouse();
  private final GatewayHouse house = operated.house;
  private final SteppedScaler scaler = operated.scaler;
  private String participant = "";
  private String room = "";

  /** A publisher whom IVS has seen, and a stage made by hand beside the master. */
  @BeforeEach
  void goLive() throws Exception {
    operated.begin();
    house.ivs(
        "/_sim/deliver",
        "{\"url\":\"%s\",\"apiKey\":\"%s\"}"
            .formatted(house.address("/api/events/ivs"), GatewayHouse.KEY));
    String token = house.post("/api/token/publisher", "{\"userId\":\"anna\"}").text("token");
    JsonNode joined = house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}").body();
    participant = joined.path("participantId").asText();
    house.ivs(
        "/_sim/publish",
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}".formatted(house.master, participant));
    Awaitility.await()
        .until(
            () -> {
              house.fold();
              return house.get("/api/stats/publisher").text("evidence").equals("ivs");
            });
    room = asked("POST", "/api/stage", "{\"name\":\"second-room\"}").text("stageArn");
    scaler.step();
  }

  @AfterEach
  void close() {
    operated.close();
  }

  private Answer asked(String method, String path, String json) {
    return operated.asked(method, path, json);
  }

  private String replication(String source, String destination, String who) {
    return "{\"sourceStageArn\":\"%s\",\"destinationStageArn\":\"%s\",\"participantId\":\"%s\"}"
        .formatted(source, destination, who);
  }

  private Answer status() {
    return asked("GET", "/api/stage/replication/status/" + room.replace("/", "%2F"), "");
  }

  private String stateOfRoom() {
    String id = room.substring(room.indexOf('/') + 1);
    return house.get("/api/stage/" + id).data().at("/stage/state").asText();
  }

  /** What IVS itself says. */
  private long replicas() {
    JsonNode answer =
        house
            .ivs(
                "/ListParticipantReplicas",
                "{\"sourceStageArn\":\"%s\",\"participantId\":\"%s\"}"
                    .formatted(house.master, participant))
            .body();
    return answer.path("replicas").findValuesAsText("replicationState").stream()
        .filter("ACTIVE"::equals)
        .count();
  }

  @Test
  void a_stage_is_fed_stopped_and_fed_again_by_hand() {
    assertThat(replicas()).isEqualTo(1);
    JsonNode fed = status().data();
    assertThat(fed.path("hasReplication").asBoolean()).as("%s", fed).isTrue();
    assertThat(fed.at("/replicationInfo/sourceStageArn").asText()).isEqualTo(house.master);
    assertThat(fed.at("/replicationInfo/participantIds/0").asText()).isEqualTo(participant);

    String what = replication(house.master, room, participant);
    Answer stopped = asked("DELETE", "/api/stage/replication/stop", what);
    assertThat(stopped.text("stoppedAt")).as("%s", stopped).endsWith("Z");
    assertThat(stopped.text("destinationStageArn")).isEqualTo(room);
    assertThat(replicas()).isZero();
    assertThat(status().data().path("hasReplication").asBoolean(true)).isFalse();
    assertThat(stateOfRoom()).as("takes nobody without a picture").isEqualTo("creating");
    assertThat(asked("DELETE", "/api/stage/replication/stop", what).code()).isEqualTo("NOT_FOUND");

    Answer started = asked("POST", "/api/stage/replication/start", what);
    assertThat(started.text("startedAt")).as("%s", started).endsWith("Z");
    assertThat(replicas()).isEqualTo(1);
    assertThat(status().data().path("hasReplication").asBoolean()).isTrue();
    assertThat(stateOfRoom()).isEqualTo("active");
  }

  @Test
  void a_replication_that_ivs_ends_is_begun_again_at_its_word() throws Exception {
    house.ivs("/StopParticipantReplication", replication(house.master, room, participant));
    assertThat(replicas()).isZero();

    Awaitility.await()
        .until(
            () -> {
              scaler.step();
              return replicas() == 1;
            });
  }

  @Test
  void who_publishes_is_told() {
    Answer info = asked("GET", "/api/stage/replication/publisher-info", "");

    assertThat(info.data().path("hasPublisher").asBoolean()).as("%s", info).isTrue();
    assertThat(info.data().at("/publisherInfo/participantId").asText()).isEqualTo(participant);
    assertThat(info.data().at("/publisherInfo/stageArn").asText()).isEqualTo(house.master);
    assertThat(info.data().at("/publisherInfo/evidence").asText()).isEqualTo("ivs");
  }

  @Test
  void what_cannot_be_is_refused_and_changes_nothing() {
    String start = "/api/stage/replication/start";
    assertThat(house.send("POST", start, "{}").code()).isEqualTo("VALIDATION_ERROR");
    assertThat(house.send("POST", start, replication("x", room, participant)).code())
        .isEqualTo("VALIDATION_ERROR");
    String nobody = replication(house.master, room, "nobody");
    assertThat(asked("POST", start, nobody).code()).isEqualTo("NOT_FOUND");
    String nowhere = replication(house.master, room + "x", participant);
    assertThat(asked("POST", start, nowhere).code()).isEqualTo("NOT_FOUND");
    String master = replication(house.master, house.master, participant);
    assertThat(asked("POST", start, master).code()).isEqualTo("FORBIDDEN");
    Answer itself = asked("POST", start, replication(room, room, participant));
    assertThat(itself.code()).isEqualTo("VALIDATION_ERROR");
    assertThat(itself.body().at("/error/details/invalidFields/0").asText())
        .isEqualTo("destinationStageArn");
    assertThat(asked("DELETE", "/api/stage/replication/stop", nobody).code())
        .isEqualTo("NOT_FOUND");
    assertThat(house.get("/api/stage/replication/status/none").code()).isEqualTo("NOT_FOUND");

    assertThat(replicas()).isEqualTo(1);
    assertThat(stateOfRoom()).isEqualTo("active");
  }

  @Test
  void a_start_that_ivs_refuses_is_told_and_tried_on() {
    String what = replication(house.master, room, participant);
    asked("DELETE", "/api/stage/replication/stop", what);
    house.fault(
        "{\"op\":\"StartParticipantReplication\",\"kind\":\"error\",\"status\":500,"
            + "\"type\":\"InternalServerException\",\"times\":100}");

    Answer refused = asked("POST", "/api/stage/replication/start", what);

    assertThat(refused.status()).as("%s", refused).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("SERVICE_UNAVAILABLE");
    house.clearFaults();
    house.time.advance(Duration.ofMinutes(1));
    Awaitility.await()
        .until(
            () -> {
              scaler.step();
              return replicas() == 1;
            });
  }
}
