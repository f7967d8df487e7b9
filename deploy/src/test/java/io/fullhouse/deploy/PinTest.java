package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.SteppedScaler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stage is fed from where an operator wants it, whatever happens to publishers and scalers. */
final class PinTest {
  private static final String START = "/api/stage/replication/start";
  private static final String STOP = "/api/stage/replication/stop";

  private final OperatedHouse operated = new OperatedHouse(site -> site.withReplicaLimit(2));
  private final GatewayHouse house = operated.house;
  private SteppedScaler scaler = operated.scaler;
  private String studio = "";
  private String room = "";
  private String anna = "";
  private String ben = "";

  /** IVS keeps a replication for a while for one who may come back. */
  private final Set<String> onAir = new HashSet<>();

  /** Anna publishes to the master, Ben to the studio; the room is fed from one of them. */
  @BeforeEach
  void goLive() throws Exception {
    operated.begin();
    studio = made("studio");
    anna = publishes(house.master);
    ben = publishes(studio);
    room = made("room");
    passes(3);
  }

  @AfterEach
  void close() {
    if (scaler != operated.scaler) {
      scaler.close();
    }
    operated.close();
  }

  @Test
  void a_pin_outlives_publishers_and_scalers_until_it_is_stopped() throws Exception {
    assertThat(status().path("pinned").asBoolean(true)).isFalse();
    assertThat(started(studio, ben).status()).isEqualTo(200);
    assertPinned(true, ben);
    int calls = calls();
    assertThat(started(studio, ben).text("startedAt")).as("the same again").endsWith("Z");
    passes(2);
    anotherScalerActs();
    passes(2);
    assertThat(calls()).as("replications started and stopped").isEqualTo(calls);
    assertPinned(true, ben);

    gone(studio, ben);
    passes(2);
    assertPinned(false, anna); // stands in
    assertThat(status().path("reason").asText()).contains("nobody publishes");
    String ann = publishes(house.master); // a guest
    passes(2);
    assertThat(shown()).containsExactlyInAnyOrder(anna, ann);
    String ben2 = publishes(studio);
    passes(2);
    assertPinned(true, ben2);

    gone(studio, ben2);
    passes(2);
    assertThat(stopped(studio, "nobody").code()).isEqualTo("NOT_FOUND");
    assertThat(stopped(studio, ben).text("stoppedAt")).as("by who was named then").endsWith("Z");
    assertThat(stopped(studio, ben).code()).isEqualTo("NOT_FOUND");
    publishes(studio);
    anotherScalerActs();
    for (int pass = 0; pass < 3; pass++) {
      house.time.advance(Duration.ofSeconds(31)); // IVS is asked for everything again
      passes(1);
      assertThat(shown()).as("nobody feeds it").isEmpty();
    }
    scaler.reconcile(house.site(), house.time);
    passes(2);
    assertThat(shown()).isEmpty();
    JsonNode status = status();
    assertThat(status.path("pinned").asBoolean(true)).isFalse();
    assertThat(status.has("wantedSourceStageArn")).isFalse();
    assertThat(status.path("asWanted").asBoolean()).isTrue();

    assertThat(started(house.master, anna).status()).isEqualTo(200);
    assertThat(shown()).containsExactlyInAnyOrder(anna, ann);
  }

  @Test
  void a_pin_ends_with_its_stage_and_with_its_source_and_a_full_source_takes_none()
      throws Exception {
    String second = made("second");
    String third = made("third");
    passes(2);
    assertThat(house.shownOn(third)).as("the master is full").containsExactly(ben);
    assertThat(started(studio, ben).status()).isEqualTo(200);
    assertThat(start(second, house.master, anna).status()).isEqualTo(200);
    Answer full = start(second, studio, ben);
    assertThat(full.code()).as("%s", full.body()).isEqualTo("STAGE_LIMIT_REACHED");
    assertThat(full.reason()).isEqualTo("REPLICA_LIMIT");
    assertThat(pins()).containsExactlyInAnyOrder(room, second);

    Answer joined =
        house.post("/api/token/viewer", "{\"userId\":\"u1\",\"stageArn\":\"" + second + "\"}");
    assertThat(joined.text("stageArn")).isEqualTo(second);
    house.fold();
    assertThat(operated.asked("DELETE", path(second) + "?drain=true", "").status()).isEqualTo(200);
    assertThat(pins()).containsExactly(room);
    assertThat(start(second, house.master, anna).code()).isEqualTo("VALIDATION_ERROR");

    gone(studio, ben);
    passes(3);
    assertThat(operated.asked("DELETE", path(studio), "").status()).isEqualTo(200);
    assertThat(pins()).isEmpty();
  }

  private void assertPinned(boolean asWanted, String shown) {
    JsonNode status = status();
    assertThat(status.path("pinned").asBoolean()).as("%s", status).isTrue();
    assertThat(status.path("wantedSourceStageArn").asText()).isEqualTo(studio);
    assertThat(status.path("asWanted").asBoolean()).as("%s", status).isEqualTo(asWanted);
    assertThat(status.at("/participantIds/0").asText()).isEqualTo(shown);
    assertThat(shown()).containsExactly(shown);
  }

  private JsonNode status() {
    String path = "/api/stage/replication/status/" + room.replace("/", "%2F");
    return operated.asked("GET", path, "").data().path("replicationInfo");
  }

  private Answer started(String source, String participant) {
    return start(room, source, participant);
  }

  private Answer start(String destination, String source, String participant) {
    return operated.asked("POST", START, replication(destination, source, participant));
  }

  private Answer stopped(String source, String participant) {
    return operated.asked("DELETE", STOP, replication(room, source, participant));
  }

  private static String replication(String destination, String source, String participant) {
    return "{\"sourceStageArn\":\"%s\",\"destinationStageArn\":\"%s\",\"participantId\":\"%s\"}"
        .formatted(source, destination, participant);
  }

  private String made(String name) {
    house.time.advance(Duration.ofSeconds(1)); // the oldest keeps its source
    return operated.asked("POST", "/api/stage", "{\"name\":\"" + name + "\"}").text("stageArn");
  }

  private static String path(String arn) {
    return "/api/stage/" + new StageArn(arn).id();
  }

  /** Somebody connects and publishes, and IVS says so. */
  private String publishes(String stage) {
    String token =
        house
            .ivs(
                "/CreateParticipantToken",
                "{\"stageArn\":\"" + stage + "\",\"capabilities\":[\"PUBLISH\"]}")
            .body()
            .at("/participantToken/token")
            .asText();
    String participant =
        house
            .ivs("/_sim/connect", "{\"token\":\"" + token + "\"}")
            .body()
            .path("participantId")
            .asText();
    steer("publish", stage, participant);
    log(stage, participant, participant, "live");
    onAir.add(participant);
    return participant;
  }

  private void gone(String stage, String participant) {
    steer("leave", stage, participant);
    log(stage, "", participant, "offline");
    onAir.remove(participant);
  }

  private void steer(String act, String stage, String participant) {
    Answer answer =
        house.ivs(
            "/_sim/" + act,
            "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}".formatted(stage, participant));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
  }

  private void log(String stage, String user, String participant, String state) {
    await(
        house
            .redis
            .commands()
            .xadd(
                house.keys.events(),
                (Object[])
                    new String[] {
                      "t",
                      "publisher",
                      "s",
                      stage,
                      "u",
                      user,
                      "p",
                      participant,
                      "v",
                      "1",
                      "state",
                      state,
                      "evidence",
                      "ivs"
                    }));
    house.fold();
  }

  private void passes(int number) throws InterruptedException {
    for (int pass = 0; pass < number; pass++) {
      house.fold();
      house.time.advance(Duration.ofSeconds(1));
      scaler.step();
    }
  }

  private void anotherScalerActs() {
    if (scaler != operated.scaler) {
      scaler.close();
    }
    await(house.redis.commands().del(house.keys.scalerLease()));
    scaler =
        new SteppedScaler("another", house.site().withReplicaLimit(2), house.time, point -> {});
    operated.takeOver(scaler);
    Awaitility.await()
        .until(
            () -> {
              scaler.step();
              return scaler.acts();
            });
  }

  private List<String> pins() {
    return await(house.redis.commands().hkeys(house.keys.scalerPins()));
  }

  /** Who can be seen on the room from elsewhere, as IVS has it. */
  private List<String> shown() {
    return house.shownOn(room).stream().filter(onAir::contains).toList();
  }

  private int calls() {
    return house.simulated("/_sim/calls?op=StartParticipantReplication").path("calls").size()
        + house.simulated("/_sim/calls?op=StopParticipantReplication").path("calls").size();
  }
}
