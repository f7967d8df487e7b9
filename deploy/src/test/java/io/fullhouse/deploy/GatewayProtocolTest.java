package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.deploy.GatewayHouse.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What viewers are told from join to leave, with every step of the fold in the test's hand. */
final class GatewayProtocolTest {
  private final GatewayHouse house =
      new GatewayHouse(Map.of("stageCapacity", "2", "token.viewerLife", "24h"));

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void a_join_counts_until_its_leave() {
    Answer joined = house.join("u1");
    assertThat(joined.data().path("isNewViewer").asBoolean()).isTrue();
    assertThat(house.total()).isEqualTo(1);

    Answer beat = house.beat(joined.text("seat"));
    assertThat(beat.data().path("heartbeatUpdated").asBoolean()).isTrue();
    assertThat(beat.next()).isEqualTo("continue");

    assertThat(house.leave(joined.text("seat")).data().path("viewerLeft").asBoolean()).isTrue();
    assertThat(house.total()).isZero();
    assertThat(house.leave(joined.text("seat")).status()).isEqualTo(200);
    assertThat(house.total()).isZero();
    assertThat(house.taken(house.master)).isZero();
  }

  @Test
  void who_left_is_not_healed_by_a_late_heartbeat_but_may_come_back() {
    String seat = house.seat("u1");
    house.leave(seat);
    assertThat(house.total()).isZero();

    Answer late = house.beat(seat);
    assertThat(late.data().path("heartbeatUpdated").asBoolean()).isFalse();
    assertThat(late.next()).isEqualTo("stop left");
    assertThat(house.total()).isZero();

    assertThat(house.rejoin(seat, "user").next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.beat(seat).next()).isEqualTo("continue");
  }

  @Test
  void the_newer_of_two_devices_goes_on_and_the_older_is_told_to_stop() {
    String first = house.seat("u1");
    house.fold();
    String secondSeat = house.seat("u1");

    // The seat script knows at once; a heartbeat looks at what is folded, so the older hears next.
    assertThat(house.rejoin(first, "user").next()).isEqualTo("stop superseded");
    assertThat(house.beat(secondSeat).next()).isEqualTo("continue");
    house.fold();
    assertThat(house.beat(first).next()).isEqualTo("stop superseded");
    assertThat(house.beat(first).data().path("heartbeatUpdated").asBoolean()).isFalse();
    assertThat(house.rejoin(first, "user").next()).isEqualTo("stop superseded");
    assertThat(house.beat(secondSeat).next()).isEqualTo("continue");
    house.leave(first);
    assertThat(house.total()).isEqualTo(1);
    house.leave(secondSeat);
    assertThat(house.total()).isZero();
  }

  @Test
  void after_all_data_is_lost_a_heartbeat_is_enough_to_be_counted_again() {
    String seat = house.seat("u1");
    house.fold();
    await(house.redis.commands().flushall());

    // Nothing is registered yet: the viewer is on its stage all the same.
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(1);
    house.open(house.master);
    assertThat(house.taken(house.master)).isEqualTo(1);
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(1);
  }

  @Test
  void a_viewer_whose_stage_is_gone_is_asked_to_rejoin_and_gets_another() {
    String seat = house.seat("u1");
    house.fold();
    await(house.redis.commands().flushall());
    house.open(house.second);

    Answer beat = house.beat(seat);
    assertThat(beat.data().path("heartbeatUpdated").asBoolean()).isFalse();
    assertThat(beat.next()).isEqualTo("rejoin stage-deleted");

    Answer again = house.rejoin(seat, "stage-deleted");
    assertThat(again.text("stageArn")).isEqualTo(house.second);
    assertThat(again.text("token")).isNotEmpty();
    assertThat(house.beat(again.text("seat")).next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(1);
  }

  @Test
  void an_expired_viewer_of_a_stage_that_filled_up_rejoins_elsewhere() {
    String seat = house.seat("u1");
    house.fold();
    house.leave(seat);
    house.fold();
    house.seat("u2");
    house.seat("u3");
    house.fold();

    Answer full = house.rejoin(seat, "background");
    assertThat(full.code()).isEqualTo("STAGE_FULL");

    house.open(house.second);
    Answer elsewhere = house.rejoin(seat, "background");
    assertThat(elsewhere.text("stageArn")).isEqualTo(house.second);
    assertThat(elsewhere.text("token")).isNotEmpty();
    assertThat(house.total()).isEqualTo(3);
  }

  @Test
  void a_stage_that_ivs_refused_is_avoided_and_the_old_seat_learns_of_the_new_one() {
    house.open(house.second);
    Answer joined =
        house.post(
            "/api/token/viewer", "{\"userId\":\"u1\",\"stageArn\":\"" + house.master + "\"}");
    house.fold();

    Answer moved = house.rejoin(joined.text("seat"), "stage-at-capacity");
    assertThat(moved.text("stageArn")).isEqualTo(house.second);
    assertThat(moved.text("participantId")).isNotEqualTo(joined.text("participantId"));
    assertThat(house.beat(moved.text("seat")).next()).isEqualTo("continue");
    house.fold();
    assertThat(house.beat(moved.text("seat")).next()).isEqualTo("continue");
    assertThat(house.beat(joined.text("seat")).next()).isEqualTo("rejoin moved");
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.master)).isZero();
    assertThat(house.taken(house.second)).isEqualTo(1);
  }

  @Test
  void a_rejoin_keeps_the_token_unless_it_is_said_to_be_expired_or_near_its_end() {
    Answer joined = house.join("u1");
    house.fold();

    Answer kept = house.rejoin(joined.text("seat"), "background");
    assertThat(kept.data().has("token")).isFalse();
    assertThat(kept.text("participantId")).isEqualTo(joined.text("participantId"));

    Answer renewed = house.rejoin(joined.text("seat"), "token-expired");
    assertThat(renewed.text("token")).isNotEmpty().isNotEqualTo(joined.text("token"));
    assertThat(renewed.text("stageArn")).isEqualTo(house.master);

    house.time.advance(Duration.ofHours(19));
    assertThat(house.rejoin(joined.text("seat"), "background").text("token")).isNotEmpty();
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.taken(house.master)).isEqualTo(1);
  }

  @Test
  void a_seat_near_its_end_is_renewed_and_a_connection_near_its_own_is_replaced() {
    String seat = house.seat("u1");
    house.fold();
    assertThat(house.beat(seat).data().has("seat")).isFalse();

    house.time.advance(Duration.ofHours(19));
    String fresh = house.beat(seat).text("seat");
    assertThat(fresh).isNotEmpty();

    house.time.advance(Duration.ofHours(4).plusMinutes(30));
    Answer beat = house.beat(fresh);
    assertThat(beat.data().path("heartbeatUpdated").asBoolean()).isTrue();
    assertThat(beat.next()).isEqualTo("rejoin connection-age");
    assertThat(house.rejoin(fresh, "user").text("token")).isNotEmpty();

    house.time.advance(Duration.ofHours(1));
    assertThat(house.beat(seat).reason()).isEqualTo("SEAT_EXPIRED");
  }

  @Test
  void a_backend_speaks_for_its_viewers_by_name() {
    Answer joined = house.join("u1");
    String participant = joined.text("participantId");
    assertThat(house.byKey("heartbeat", "u1", house.master, participant).status()).isEqualTo(200);
    house.fold();

    assertThat(house.byKey("heartbeat", "u1", house.master, "").next()).isEqualTo("continue");
    assertThat(house.byKey("heartbeat", "u1", house.master, participant).next())
        .isEqualTo("continue");
    assertThat(house.byKey("heartbeat", "u1", house.master, "other").next())
        .isEqualTo("stop superseded");
    assertThat(house.byKey("heartbeat", "nobody", house.master, "").code()).isEqualTo("NOT_FOUND");

    house.byKey("leave", "u1", house.master, "other");
    assertThat(house.total()).isEqualTo(1);
    house.byKey("leave", "u1", house.master, "");
    assertThat(house.total()).isZero();
    assertThat(house.byKey("heartbeat", "u1", house.master, participant).code())
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void a_backend_rejoins_its_viewer_with_a_new_token_also_while_nobody_publishes() {
    Answer joined = house.join("u1");
    house.fold();

    Answer again = house.byKey("rejoin", "u1", house.master, joined.text("participantId"));
    assertThat(again.text("token")).isNotEmpty();
    assertThat(house.total()).isEqualTo(1);
    assertThat(house.beat(joined.text("seat")).next()).isEqualTo("stop superseded");
    assertThat(house.beat(again.text("seat")).next()).isEqualTo("continue");
  }

  @Test
  void on_a_draining_stage_the_seated_go_on_and_newcomers_are_not_seated() {
    String seat = house.seat("u1");
    house.fold();
    assertThat(house.stage(house.master, "closing")).isEqualTo("closing");

    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.join("u2").code()).isEqualTo("STAGE_FULL");
    house.open(house.second);
    assertThat(house.join("u2").text("stageArn")).isEqualTo(house.second);
    assertThat(house.stage(house.master, "closed")).isEqualTo("closing");
    house.leave(seat);
    house.fold();
    assertThat(house.stage(house.master, "closed")).isEqualTo("closed");
  }

  @Test
  void the_sum_of_the_stages_is_the_total_in_every_answer() {
    house.open(house.second);
    for (int i = 0; i < 4; i++) {
      house.seat("u" + i);
    }
    house.fold();

    Answer stats =
        await()
            .until(
                () -> house.get("/api/stats"),
                answer -> answer.data().path("totalViewers").asLong() == 4);
    long sum = 0;
    for (var stage : stats.data().path("stages")) {
      sum += stage.path("viewerCount").asLong();
      assertThat(stage.path("seats").asLong()).isEqualTo(2);
    }
    assertThat(sum).isEqualTo(4);
  }

  @Test
  void a_throttled_or_lost_answer_of_ivs_takes_no_seat_for_good() {
    house.fault("{\"op\":\"CreateParticipantToken\",\"kind\":\"throttle\",\"times\":2}");
    assertThat(house.join("u1").code()).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(house.taken(house.master)).isZero();

    house.fault("{\"op\":\"CreateParticipantToken\",\"kind\":\"lost-answer\",\"times\":1}");
    assertThat(house.join("u1").status()).isEqualTo(200);
    assertThat(house.taken(house.master)).isEqualTo(1);
  }

  @Test
  void an_ivs_that_never_answers_is_given_up_before_the_seat_lapses() {
    house.fault("{\"op\":\"CreateParticipantToken\",\"kind\":\"hang\",\"times\":2}");

    assertThat(house.join("u1").code()).isEqualTo("TOKEN_GENERATION_FAILED");
    assertThat(house.taken(house.master)).isZero();
  }
}
