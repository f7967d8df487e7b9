package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.scaler.SteppedScaler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stages by hand: a real gateway asks, a real scaler acts on the simulated IVS. */
final class StageCommandTest {
  private final OperatedHouse operated = new OperatedHouse();
  private final GatewayHouse house = operated.house;
  private final SteppedScaler scaler = operated.scaler;

  @BeforeEach
  void lead() throws Exception {
    operated.begin();
  }

  @AfterEach
  void close() {
    operated.close();
  }

  private Answer asked(String method, String path, String json) {
    return operated.asked(method, path, json);
  }

  private JsonNode made(String name) {
    Answer made =
        asked("POST", "/api/stage", "{\"name\":\"" + name + "\",\"tags\":{\"room\":\"two\"}}");
    assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
    return made.data();
  }

  @Test
  void a_stage_is_made_shown_renamed_and_deleted() throws Exception {
    JsonNode made = made("second-room");
    String arn = made.path("stageArn").asText();
    String id = arn.substring(arn.indexOf('/') + 1);
    assertThat(made.path("autoScaled").asBoolean(true)).isFalse();
    assertThat(made.at("/tags/room").asText()).isEqualTo("two");
    scaler.step();

    JsonNode list = house.get("/api/stage/list").data();
    assertThat(list.path("totalStages").asInt()).isEqualTo(2);
    assertThat(list.path("stages").findValuesAsText("stageArn")).contains(arn, house.master);
    Answer one = house.get("/api/stage/" + arn.replace("/", "%2F").replace(":", "%3A"));
    assertThat(one.data().at("/stage/state").asText()).isEqualTo("active");
    assertThat(one.data().path("isMasterStage").asBoolean(true)).isFalse();

    Answer renamed = asked("PUT", "/api/stage/" + id, "{\"name\":\"third-room\"}");
    assertThat(renamed.text("name")).isEqualTo("third-room");
    assertThat(house.get("/api/stage/" + id).data().at("/stage/name").asText())
        .isEqualTo("third-room");

    Answer deleted = asked("DELETE", "/api/stage/" + id, "");
    assertThat(deleted.data().path("deleted").asBoolean()).as("%s", deleted.body()).isTrue();
    assertThat(house.get("/api/stage/" + id).code()).isEqualTo("NOT_FOUND");
    assertThat(asked("DELETE", "/api/stage/" + id, "").code()).isEqualTo("NOT_FOUND");
  }

  @Test
  void a_stage_with_viewers_is_deleted_only_by_draining_it() throws Exception {
    String arn = made("second-room").path("stageArn").asText();
    scaler.step();
    Answer joined =
        house.post("/api/token/viewer", "{\"userId\":\"u1\",\"stageArn\":\"" + arn + "\"}");
    assertThat(joined.text("stageArn")).isEqualTo(arn);
    house.fold();
    String path = "/api/stage/" + arn.substring(arn.indexOf('/') + 1);

    Answer refused = asked("DELETE", path, "");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().at("/error/details/viewerCount").asInt()).isEqualTo(1);
    assertThat(house.get(path).data().at("/stage/state").asText()).isEqualTo("active");

    Answer drained = asked("DELETE", path + "?drain=true", "");
    assertThat(drained.text("state")).isEqualTo("draining");
    house.leave(joined.text("seat"));
    house.fold();
    Awaitility.await()
        .until(
            () -> {
              scaler.step();
              return house.get(path).status() == 404;
            });
  }

  @Test
  void the_master_bad_names_and_one_stage_too_many_are_refused() {
    String master = "/api/stage/" + house.master.replace("/", "%2F");
    assertThat(house.send("DELETE", master, "").code()).isEqualTo("FORBIDDEN");
    assertThat(house.send("PUT", master, "{\"name\":\"x\"}").code()).isEqualTo("FORBIDDEN");
    assertThat(house.send("POST", "/api/stage", "{}").code()).isEqualTo("VALIDATION_ERROR");
    assertThat(house.send("POST", "/api/stage", "{\"name\":\"a b\"}").code())
        .isEqualTo("VALIDATION_ERROR");
    String ours = "{\"name\":\"x\",\"tags\":{\"fullhouse:master\":\"x\"}}";
    assertThat(house.send("POST", "/api/stage", ours).code()).isEqualTo("VALIDATION_ERROR");
    assertThat(house.get("/api/stage/master/info").data().path("isMasterStage").asBoolean())
        .isTrue();

    for (int i = 0; i < 5; i++) {
      made("room-" + i);
    }
    Answer full = asked("POST", "/api/stage", "{\"name\":\"room-6\"}");
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.code()).isEqualTo("STAGE_LIMIT_REACHED");
  }

  @Test
  void without_a_scaler_the_command_is_refused_and_not_carried_out_later() throws Exception {
    Answer unanswered = house.send("POST", "/api/stage", "{\"name\":\"late\"}");
    assertThat(unanswered.status()).isEqualTo(503);
    assertThat(unanswered.body().at("/error/details/commandId").asText()).contains("-");
    assertThat(unanswered.body().at("/error/details/begun").asBoolean(true)).isFalse();

    Awaitility.await()
        .until(
            () -> {
              scaler.step();
              return await(house.redis.commands().xlen(house.keys.scalerCommands())) == 0;
            });
    assertThat(house.get("/api/stage/list").data().path("totalStages").asInt()).isEqualTo(1);
  }
}
