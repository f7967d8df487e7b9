package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.SteppedScaler;
import io.fullhouse.testing.MutableTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The show of the README with the default capacity: over HTTP, from the first viewer to the last.
 */
final class DefaultDemoTest {
  private static final int CAPACITY = 50;
  private static final int PASSES = 60;

  private final GatewayHouse house =
      new GatewayHouse(Map.of("stageCapacity", "" + CAPACITY, "joinBeforeLive", "false"));

  /** Runs faster than Redis's, and never comes up with it: no stage is made in the future. */
  private final MutableTime time = MutableTime.fromNow();

  private final SteppedScaler scaler =
      new SteppedScaler(
          "scaler-1",
          new SteppedScaler.Site(
              house.redis,
              house.broadcast,
              house.ivsUri(),
              new StageArn(house.master),
              CAPACITY,
              Duration.ofSeconds(30)),
          time,
          point -> {});

  /** The last answer that told each where to be: its seat and token, or its move's. */
  private final Map<String, JsonNode> viewers = new LinkedHashMap<>();

  private String publisher = "";

  @AfterEach
  void close() {
    scaler.close();
    house.close();
  }

  @Test
  void a_house_of_45_grows_to_245_and_shrinks_to_its_master_without_cutting_anybody_off()
      throws Exception {
    time.advance(Duration.ofDays(-1));
    await(house.redis.commands().del(house.keys.scalerLease()));
    scaler.step();
    goLive();

    joins(45);
    assertThat(viewersByStage()).containsExactly(Map.entry(house.master, 45L));
    until("a second stage is open", () -> open().size() == 2);
    String second =
        open().stream().filter(arn -> !arn.equals(house.master)).findFirst().orElseThrow();
    assertThat(publisherIsSeenOn(second)).isTrue();
    joins(5);
    assertThat(viewersByStage()).isEqualTo(Map.of(house.master, 45L, second, 5L));

    for (int joined = 5; joined < 200; joined += 5) {
      pass(); // the count crosses a line now and then; a scaler would be called
      joins(5);
    }
    assertThat(viewers).hasSize(245);
    assertThat(viewersByStage().values()).allMatch(seated -> seated <= CAPACITY);
    assertThat(open()).hasSizeGreaterThanOrEqualTo(5).allMatch(this::publisherIsSeenOn);
    JsonNode stats = house.get("/api/stats").data();
    assertThat(house.total()).isEqualTo(245);
    assertThat(stats.path("activeStages").asInt()).isEqualTo(open().size());

    // One stays on each stage; all the others go.
    Map<String, String> staying = new HashMap<>();
    viewers.forEach((user, joined) -> staying.putIfAbsent(joined.path("stageArn").asText(), user));
    staying.values().forEach(user -> connect(at(user)));
    for (String user : List.copyOf(viewers.keySet())) {
      if (!staying.containsValue(user)) {
        assertThat(house.leave(seatOf(user)).status()).isEqualTo(200);
        viewers.remove(user);
      }
    }
    until(
        "only the master is left",
        () -> {
          viewers.keySet().forEach(this::beat);
          return house.stages().size() == 2; // and the foreign one
        });

    assertThat(open()).containsExactly(house.master);
    assertThat(house.total()).isEqualTo(staying.size()).isGreaterThanOrEqualTo(5);
    assertThat(viewersByStage()).isEqualTo(Map.of(house.master, (long) staying.size()));
    assertThat(house.simulated("/_sim/calls?op=DisconnectParticipant").path("calls")).isEmpty();
    viewers.keySet().forEach(user -> assertThat(beat(user)).isEqualTo("continue"));
  }

  private void goLive() throws InterruptedException {
    Answer token = house.post("/api/token/publisher", "{\"userId\":\"anna\"}");
    publisher = connect(token.data());
    steer("publish", house.master, publisher);
    pass();
  }

  /** Each of them is seated at once. */
  private void joins(int number) {
    for (int i = 0; i < number; i++) {
      String user = "u" + viewers.size();
      Answer joined = house.join(user);
      assertThat(joined.status()).as("%s: %s", user, joined.body()).isEqualTo(200);
      viewers.put(user, joined.data());
    }
    house.fold();
  }

  /** As our client: it is on the new stage before it is off the old one. */
  private String beat(String user) {
    Answer beat = house.beat(seatOf(user));
    JsonNode next = beat.data().path("next");
    String action = next.path("action").asText();
    assertThat(action).as("%s", beat.body()).isIn("continue", "move");
    if (action.equals("move")) {
      JsonNode before = at(user);
      connect(next);
      steer("leave", before.path("stageArn").asText(), before.path("participantId").asText());
      viewers.put(user, next);
    }
    return action;
  }

  private String seatOf(String user) {
    return at(user).path("seat").asText();
  }

  private JsonNode at(String user) {
    return viewers.getOrDefault(user, MissingNode.getInstance());
  }

  private String connect(JsonNode with) {
    String token = "{\"token\":\"" + with.path("token").asText() + "\"}";
    Answer connected = house.ivs("/_sim/connect", token);
    assertThat(connected.status()).as("%s", connected.body()).isEqualTo(200);
    return connected.body().path("participantId").asText();
  }

  private void steer(String act, String stage, String participant) {
    Answer answer =
        house.ivs(
            "/_sim/" + act,
            "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}".formatted(stage, participant));
    assertThat(answer.status()).as("it is still connected: %s", answer.body()).isEqualTo(200);
  }

  private Map<String, Long> viewersByStage() {
    Map<String, Long> seated = new HashMap<>();
    viewers.values().forEach(at -> seated.merge(at.path("stageArn").asText(), 1L, Long::sum));
    return seated;
  }

  private List<String> open() {
    return new ArrayList<>(await(house.redis.commands().zrange(house.keys.stages(), 0, -1)));
  }

  private boolean publisherIsSeenOn(String stage) {
    if (stage.equals(house.master)) {
      return true;
    }
    for (JsonNode known : house.stages()) {
      for (JsonNode replica : known.path("replicas")) {
        if (replica.path("replicationState").asText().equals("ACTIVE")
            && replica.path("participantId").asText().equals(publisher)
            && replica.path("destinationStageArn").asText().equals(stage)) {
          return true;
        }
      }
    }
    return false;
  }

  private void pass() throws InterruptedException {
    house.fold();
    time.advance(Duration.ofSeconds(1));
    scaler.step();
  }

  private void until(String what, BooleanSupplier reached) throws InterruptedException {
    for (int pass = 0; pass < PASSES; pass++) {
      pass();
      if (reached.getAsBoolean()) {
        return;
      }
    }
    throw new AssertionError(what + ": not after " + PASSES + " passes");
  }
}
