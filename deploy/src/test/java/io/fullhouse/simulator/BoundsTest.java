package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;

/** What a simulator that runs for weeks keeps, and that a full house fits in. */
class BoundsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SOURCE = "arn:aws:ivs:us-east-1:123456789012:stage/Source";
  private static final String DESTINATION = "arn:aws:ivs:us-east-1:123456789012:stage/Target";

  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void ten_thousand_viewers_join_at_once_and_are_listed_page_by_page() {
    String stage = clients.stage();
    JsonNode joined = crowd(stage, "v", 10_000);
    assertThat(joined.get("joined").asInt()).isEqualTo(10_000);
    String session = joined.get("sessionId").asText();

    List<ParticipantSummary> listed =
        sim
            .ivs()
            .listParticipantsPaginator(
                r ->
                    r.stageArn(stage).sessionId(session).filterByState("CONNECTED").maxResults(100))
            .stream()
            .flatMap(page -> page.participants().stream())
            .toList();
    assertThat(listed).extracting(ParticipantSummary::participantId).doesNotHaveDuplicates();
    assertThat(listed).hasSize(10_000);
    assertThat(listed.get(9_999).userId()).isEqualTo("user-9999");
    assertThat(Clients.code(tryCrowd(stage, "one-more", 1))).isEqualTo("400 STAGE_AT_CAPACITY");
  }

  @Test
  void a_crowd_is_checked_as_single_viewers_are() {
    String stage = clients.stage();
    assertThat(Clients.code(tryCrowd(stage, "a b", 1))).isEqualTo("400 ValidationException");
    assertThat(Clients.code(tryCrowd(stage + "x", "v", 1))).isEqualTo("400 STAGE_DELETED");
  }

  @Test
  void a_session_forgets_those_who_left_first() {
    Session session = new Session(sim.now());
    Pass pass = pass("stays");
    session.participant("stays", sim.now()).join(pass, sim.now());
    for (int i = 0; i < Session.KEPT_PARTICIPANTS + 10; i++) {
      Participant gone = session.participant("p" + i, sim.now());
      gone.join(pass, sim.now());
      gone.leave(sim.now());
    }
    assertThat(session.participants()).hasSize(Session.KEPT_PARTICIPANTS);
    assertThat(session.find("stays")).isPresent();
    assertThat(session.find("p0")).isEmpty();
  }

  @Test
  void a_participant_keeps_its_last_events() {
    Participant participant = new Participant("p", sim.now());
    for (int i = 0; i < Participant.KEPT_EVENTS; i++) {
      participant.publish(sim.now().plusSeconds(i));
      participant.unpublish(sim.now().plusSeconds(i));
    }
    assertThat(participant.events()).hasSize(Participant.KEPT_EVENTS);
  }

  @Test
  void a_stage_keeps_its_last_sessions_and_departed() {
    Room room = new Room("arn");
    for (int i = 0; i < Room.KEPT_SESSIONS + 5; i++) {
      room.session(sim.now());
      room.endSession(sim.now());
    }
    assertThat(room.sessions()).hasSize(Room.KEPT_SESSIONS);
    for (int i = 0; i <= Room.KEPT_DEPARTED; i++) {
      room.burn("p" + i);
    }
    assertThat(room.isBurnt("p0")).isFalse();
    assertThat(room.isBurnt("p1")).isTrue();
  }

  @Test
  void ended_replications_are_forgotten_in_time() {
    ResourceTable<Stage> stages = new ResourceTable<>("Stage", Stage::withTags);
    stages.add(new Stage(SOURCE, "", Map.of(), sim.now()), 0);
    stages.add(new Stage(DESTINATION, "", Map.of(), sim.now()), 0);
    Venue venue = new Venue(stages, new Limits(), sim::now, event -> {});
    int kept =
        venue.turn(
            now -> {
              Room source = venue.rooms().get(SOURCE);
              Room destination = venue.rooms().get(DESTINATION);
              source.admit(new Guest(pass("p")), now);
              source.publish(source.guest("p").orElseThrow(), now);
              for (int i = 0; i < Replications.KEPT_ENDED + 3; i++) {
                venue
                    .replications()
                    .start(
                        new Replications.Wanted(source, destination, "p", Duration.ZERO, Map.of()),
                        now);
                venue.replications().stop(source, destination, "p", now);
              }
              return venue.replications().inOrder().size();
            });
    assertThat(kept).isEqualTo(Replications.KEPT_ENDED);
  }

  @Test
  void deliveries_beyond_the_bound_are_lost_and_counted() {
    Deliveries deliveries = new Deliveries(sim::now, 0);
    Body body = new Body("{\"url\":\"http://127.0.0.1:1/x\",\"delayMillis\":1000}".getBytes(UTF_8));
    deliveries.deliverTo(Optional.of(Destination.read(body.input())));
    for (int i = 0; i < Deliveries.MAX_PENDING + 7; i++) {
      deliveries.accept(JSON.createObjectNode());
    }
    JsonNode state = deliveries.toJson();
    assertThat(state.get("overflowed").asInt()).isEqualTo(7);
    assertThat(state.get("pending").asInt()).isEqualTo(Deliveries.MAX_PENDING);
  }

  @Test
  void names_that_are_no_operations_have_so_many_totals_and_faults_so_many_places() {
    CallLog log = new CallLog();
    for (int i = 0; i < CallLog.MAX_TOTALS + 50; i++) {
      log.add(call("Nonsense" + i), OptionalInt.of(404), Optional.empty());
    }
    JsonNode totals = log.toJson(entry -> false).get("totals");
    assertThat(totals).hasSize(CallLog.MAX_TOTALS + 1);
    assertThat(totals.at("/others/404").asInt()).isEqualTo(50);

    Faults faults = new Faults(0);
    Body body = new Body("{\"op\":\"GetStage\",\"kind\":\"error\"}".getBytes(UTF_8));
    Fault fault = Fault.read(body.input());
    for (int i = 0; i < Faults.MAX_WAITING; i++) {
      faults.add(fault, OptionalInt.empty());
    }
    assertThatThrownBy(() -> faults.add(fault, OptionalInt.empty())).isInstanceOf(Refusal.class);
  }

  @Test
  void timers_fire_once_in_order_at_the_time_they_were_due() {
    Timers timers = new Timers();
    List<Instant> fired = new ArrayList<>();
    Instant start = sim.now();
    timers.at(start.plusSeconds(2), fired::add);
    timers.at(
        start.plusSeconds(1),
        due -> {
          fired.add(due);
          timers.at(due.plus(Duration.ofMillis(500)), fired::add);
        });
    timers.cancel(timers.at(start.plusSeconds(1), fired::add));
    timers.settle(start);
    assertThat(fired).isEmpty();
    timers.settle(start.plusSeconds(60));
    timers.settle(start.plusSeconds(60));
    assertThat(fired)
        .containsExactly(start.plusSeconds(1), start.plusMillis(1_500), start.plusSeconds(2));
  }

  private JsonNode crowd(String stage, String prefix, int count) {
    return TestSimulator.json(tryCrowd(stage, prefix, count));
  }

  private HttpResponse<String> tryCrowd(String stage, String prefix, int count) {
    ObjectNode body = JSON.createObjectNode().put("stageArn", stage);
    ArrayNode participants = body.putArray("participants");
    for (int i = 0; i < count; i++) {
      participants.addObject().put("participantId", prefix + "-" + i).put("userId", "user-" + i);
    }
    return sim.http("POST", "/_sim/crowd", body.toString());
  }

  private Pass pass(String id) {
    return new Pass("arn", id, "", Map.of(), false, true, sim.now().plusSeconds(60));
  }

  private Call call(String name) {
    return new Call(
        Protocol.IVS,
        name,
        Optional.empty(),
        new Body(new byte[0]),
        "",
        List.of(),
        "",
        "",
        "",
        "",
        sim.now());
  }
}
