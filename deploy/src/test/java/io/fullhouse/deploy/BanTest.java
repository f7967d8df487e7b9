package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.scaler.ScalerApplication;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.TiedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A moderator sends a viewer away, and the real fold and seats follow. */
final class BanTest {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final GatewayHouse house = new GatewayHouse(Map.of("stageCapacity", "2"));

  private final Queue<String> output = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void a_banned_viewer_is_out_of_the_count_and_no_way_leads_back() {
    Answer joined = house.join("u1");
    String seat = joined.text("seat");
    house.seat("u2");
    house.fold();
    house.open(house.second);
    house.drain(house.master);
    await().until(() -> house.beat(seat).next().equals("move stage-draining"));
    JsonNode move = house.beat(seat).data().path("next");
    assertThat(house.taken(house.second)).isEqualTo(1);

    assertThat(house.post("/api/viewer/ban", "{\"userId\":\"u1\"}").status()).isEqualTo(200);
    assertThat(house.beat(seat).next()).as("before it is folded").isEqualTo("stop banned");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.second)).isZero();
    assertBanned(house.join("u1"));
    assertBanned(house.rejoin(seat, "user"));
    assertBanned(house.rejoin(move.path("seat").asText(), "token-expired"));
    assertThat(house.beat(seat).next()).isEqualTo("stop banned");
    assertThat(house.beat(move.path("seat").asText()).next()).isEqualTo("stop banned");
    assertThat(house.byKey("heartbeat", "u1", house.master, "").next()).isEqualTo("stop banned");
    assertThat(house.total()).isEqualTo(1);

    assertThat(house.send("DELETE", "/api/viewer/ban?userId=u1", "").status()).isEqualTo(200);
    assertThat(house.join("u1").status()).isEqualTo(200);
    assertThat(house.total()).isEqualTo(2);
  }

  @Test
  void a_kicked_viewer_is_out_until_it_joins_anew() {
    String seat = house.seat("u1");
    house.fold();
    house.post("/api/viewer/kick", "{\"userId\":\"u1\"}");

    assertThat(house.total()).isZero();
    assertThat(house.taken(house.master)).isZero();
    assertThat(house.beat(seat).next()).isEqualTo("stop kicked");
    assertThat(house.rejoin(seat, "user").next()).isEqualTo("stop kicked");
    assertThat(house.total()).isZero();
    String anew = house.seat("u1");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.beat(anew).next()).isEqualTo("continue");
    assertThat(house.beat(seat).next()).isEqualTo("stop kicked");
  }

  @Test
  void who_is_banned_or_superseded_is_disconnected_under_every_token_it_has() {
    Answer joined = house.join("u1");
    connect(joined.text("token"));
    Answer superseded = house.join("u2");
    connect(superseded.text("token"));
    connect(house.join("u2").text("token"));
    connect(refreshedToken("u1"));
    house.fold();
    graceEnds(Duration.ofHours(1)); // however long the scaler takes to start
    RedisAnswer.await(house.redis.commands().del(house.keys.scalerLease()));
    try (TiedProcess scaler = scaler()) {
      await().atMost(BOUND).until(() -> house.get("/api/scaler").data().has("disconnects"));
      assertThat(connected()).hasSize(4);
      house.post("/api/viewer/ban", "{\"userId\":\"u1\"}");
      await()
          .atMost(BOUND)
          .untilAsserted(
              () ->
                  assertThat(connected())
                      .as(() -> String.join("\n", output))
                      .hasSize(2)
                      .doesNotContain(joined.text("participantId")));
      graceEnds(Duration.ofHours(-1).minusSeconds(20));
      await().atMost(BOUND).until(() -> connected().size() == 1);
      assertThat(connected()).doesNotContain(superseded.text("participantId"));
      assertThat(scaler.isAlive()).isTrue();
    }
  }

  /** So much later for those who were superseded, and might go by themselves. */
  private void graceEnds(Duration later) {
    String queue = house.keys.disconnectSuperseded();
    List<String> members = RedisAnswer.await(house.redis.commands().zrange(queue, 0, -1));
    assertThat(members).isNotEmpty();
    for (String member : members) {
      RedisAnswer.await(house.redis.commands().zincrby(queue, (double) later.toMillis(), member));
    }
  }

  private TiedProcess scaler() {
    ServiceArchives.make();
    return TiedProcess.start(
        JavaCommand.of(ScalerApplication.class, "server", "config/scaler.yml"),
        Map.of(
            "FULLHOUSE_MODE",
            "development",
            "REDIS_URL",
            house.server.uri(),
            "MASTER_STAGE_ARN",
            house.master,
            "AWS_REGION",
            "us-east-1",
            "AWS_ENDPOINT_URL_IVS_REALTIME",
            house.ivsUri().toString(),
            "ADMIN_PORT",
            Integer.toString(FreePort.find())),
        Path.of("."),
        output::add);
  }

  /** As a later token of the same user is made: IVS knows it by the user id alone. */
  private String refreshedToken(String user) {
    JsonNode known =
        house.simulated("/_sim/calls?op=CreateParticipantToken").path("calls").get(0).path("body");
    assertThat(known.path("userId").asText()).as("of the first who joined").isNotEqualTo(user);
    return house
        .ivs(
            "/CreateParticipantToken",
            "{\"stageArn\":\"%s\",\"userId\":\"%s\",\"capabilities\":[\"SUBSCRIBE\"]}"
                .formatted(house.master, known.path("userId").asText()))
        .body()
        .at("/participantToken/token")
        .asText();
  }

  private void connect(String token) {
    assertThat(house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}").status()).isEqualTo(200);
  }

  /** Participants of the master whom IVS has. */
  private List<String> connected() {
    List<String> participants = new ArrayList<>();
    for (JsonNode stage : house.stages()) {
      if (stage.path("arn").asText().equals(house.master)) {
        stage
            .findValues("participants")
            .forEach(
                list ->
                    list.forEach(
                        each -> {
                          if (each.path("state").asText().equals("CONNECTED")) {
                            participants.add(each.path("participantId").asText());
                          }
                        }));
      }
    }
    return participants;
  }

  private static void assertBanned(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.code()).isEqualTo("FORBIDDEN");
    assertThat(answer.reason()).isEqualTo("BANNED");
  }
}
