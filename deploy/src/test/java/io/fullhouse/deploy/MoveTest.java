package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Viewers leave a stage that drains without a moment in which they do not count. */
final class MoveTest {
  private final GatewayHouse house = new GatewayHouse(Map.of("stageCapacity", "2"));

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void a_viewer_is_moved_by_the_first_heartbeat_from_its_new_stage() {
    String seat = house.seat("u1");
    house.fold();
    house.open(house.second);
    drain();

    JsonNode move = offered(house.beat(seat));
    assertThat(move.path("stageArn").asText()).isEqualTo(house.second);
    assertThat(move.path("token").asText()).isNotEmpty();
    assertThat(move.path("expiresAt").asText()).endsWith("Z");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.second)).isEqualTo(1);
    assertThat(house.stage(house.master, "closed")).isEqualTo("closing");

    Answer there = house.beat(move.path("seat").asText());
    assertThat(there.next()).isEqualTo("continue");
    assertThat(there.text("stageArn")).isEqualTo(house.second);
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.second)).isEqualTo(1);
    assertThat(house.stage(house.master, "closed")).isEqualTo("closed");
    assertThat(house.beat(move.path("seat").asText()).next()).isEqualTo("continue");
  }

  @Test
  void an_offer_is_the_same_until_it_is_taken_up() {
    String seat = house.seat("u1");
    house.fold();
    house.open(house.second);
    drain();

    JsonNode first = offered(house.beat(seat));
    house.time.advance(Duration.ofSeconds(20));
    JsonNode again = offered(house.beat(seat));

    assertThat(again.path("token")).isEqualTo(first.path("token"));
    assertThat(again.path("participantId")).isEqualTo(first.path("participantId"));
    assertThat(house.beat(first.path("seat").asText()).next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.second)).isEqualTo(1);
  }

  @Test
  void nobody_is_sent_away_while_there_is_no_place() {
    String seat = house.seat("u1");
    house.fold();
    drain();
    assertThat(house.beat(seat).next()).isEqualTo("continue");

    house.open(house.second);
    house.seat("u2");
    house.seat("u3");
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.taken(house.second)).isEqualTo(2);
  }

  @Test
  void a_token_that_cannot_be_had_gives_the_place_back_and_is_tried_again() {
    String seat = house.seat("u1");
    house.fold();
    house.open(house.second);
    drain();
    house.fault("{\"op\":\"CreateParticipantToken\",\"kind\":\"throttle\",\"times\":20}");
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.taken(house.second)).isZero();

    house.clearFaults();
    assertThat(house.beat(seat).next()).startsWith("move");
  }

  @Test
  void a_stage_that_waits_for_its_publisher_keeps_its_viewers() {
    String seat = house.seat("u1");
    house.fold();
    house.open(house.second);
    house.stage(house.master, "closing");
    awaitState("draining");

    assertThat(house.beat(seat).next()).isEqualTo("continue");
  }

  @Test
  void a_viewer_without_a_seat_is_asked_to_rejoin() {
    Answer joined = house.join("u1");
    house.fold();
    house.open(house.second);
    drain();

    Answer beat = house.byKey("heartbeat", "u1", house.master, joined.text("participantId"));
    assertThat(beat.next()).isEqualTo("rejoin stage-draining");
  }

  @Test
  void who_leaves_instead_of_moving_is_gone_and_the_place_lapses() {
    String seat = house.seat("u1");
    house.fold();
    house.open(house.second);
    drain();
    JsonNode move = offered(house.beat(seat));
    house.leave(seat);

    assertThat(house.total()).isZero();
    assertThat(house.beat(move.path("seat").asText()).next()).isEqualTo("stop left");
    assertThat(house.total()).isZero();
  }

  private void drain() {
    house.drain(house.master);
    awaitState("draining");
  }

  /** Heartbeats are answered from what the statistics show, which may be a moment old. */
  private void awaitState(String state) {
    await()
        .until(
            () -> {
              for (JsonNode stage : house.get("/api/stats").data().path("stages")) {
                if (stage.path("stageArn").asText().equals(house.master)) {
                  return stage.path("state").asText().equals(state);
                }
              }
              return false;
            });
  }

  private static JsonNode offered(Answer beat) {
    assertThat(beat.next()).isEqualTo("move stage-draining");
    assertThat(beat.data().path("heartbeatUpdated").asBoolean()).isTrue();
    return beat.data().path("next");
  }
}
