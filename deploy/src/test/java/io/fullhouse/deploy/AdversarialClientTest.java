package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Clients that hear nothing, say everything twice, sleep too long or hold what is not theirs: each
 * user counts once, on one seat, and whoever may stay is not sent away.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class AdversarialClientTest {
  private static final int STORM = 30;

  private final GatewayHouse house =
      new GatewayHouse(Map.of("stageCapacity", "" + GatewayHouse.CAPACITY));

  private long logMillis;

  @AfterAll
  void close() {
    house.close();
  }

  @BeforeEach
  void empty() {
    await(house.redis.commands().flushall());
    logMillis = System.currentTimeMillis();
    house.open(house.master);
    await().until(() -> stateOfMaster().equals("active"));
  }

  @Test
  void answers_that_are_lost_leave_one_viewer_and_one_seat() {
    house.join("u"); // never heard of
    String seat = house.join("u").text("seat");
    house.rejoin(seat, "token-expired"); // never heard of
    assertOne("u", house.master);

    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.rejoin(seat, "user").next()).isEqualTo("continue");
    house.leave(seat); // never heard of
    house.leave(seat);
    assertNobody();
  }

  @Test
  void a_storm_of_rejoins_is_one_viewer_on_one_seat_and_every_answer_serves() {
    String seat = house.seat("u");
    List<CompletableFuture<Answer>> storm =
        IntStream.range(0, STORM)
            .mapToObj(i -> i % 2 == 0 ? "token-expired" : "background")
            .map(reason -> CompletableFuture.supplyAsync(() -> house.rejoin(seat, reason)))
            .toList();
    List<Answer> answers = storm.stream().map(CompletableFuture::join).toList();

    assertThat(answers).allMatch(answer -> answer.next().equals("continue"));
    assertOne("u", house.master);
    for (Answer answer : answers) {
      assertThat(house.beat(answer.text("seat")).next()).isEqualTo("continue");
    }
    assertOne("u", house.master);
  }

  @Test
  void a_full_house_that_comes_back_from_the_background_at_once_is_counted_once_each() {
    List<String> seats = seats("sleeper-", GatewayHouse.CAPACITY);
    backgroundFor(Duration.ofMinutes(10));
    assertNobody();

    List<CompletableFuture<Answer>> awake =
        IntStream.range(0, 2 * seats.size())
            .mapToObj(i -> seats.get(i / 2))
            .map(seat -> CompletableFuture.supplyAsync(() -> house.beat(seat)))
            .toList();

    assertThat(awake.stream().map(CompletableFuture::join))
        .allMatch(answer -> answer.next().equals("continue"))
        .allMatch(answer -> answer.data().path("heartbeatUpdated").asBoolean());
    assertThat(house.total()).isEqualTo(seats.size());
    assertThat(house.taken(house.master)).isEqualTo(seats.size());
    assertThat(house.join("newcomer").code()).isEqualTo("STAGE_FULL");
  }

  @Test
  void whoever_slept_while_others_took_its_seat_waits_by_rejoin_and_is_healed_where_it_is() {
    String sleeper = house.seat("sleeper");
    backgroundFor(Duration.ofMinutes(10));
    seats("newcomer-", GatewayHouse.CAPACITY);
    house.fold();

    Answer refused = house.rejoin(sleeper, "background");
    assertThat(refused.code()).as("no seat is free").isEqualTo("STAGE_FULL");
    // But a viewer who is heard is on its stage already, whatever its capacity.
    assertThat(house.beat(sleeper).next()).isEqualTo("continue");
    assertThat(house.total()).isEqualTo(GatewayHouse.CAPACITY + 1);
    assertThat(house.taken(house.master)).isEqualTo(GatewayHouse.CAPACITY + 1);
  }

  @Test
  void an_old_device_that_wakes_after_the_newer_one_left_brings_nobody_back() {
    String old = house.seat("u");
    house.fold();
    String newer = house.seat("u");
    house.fold();
    house.leave(newer);
    house.fold();

    assertThat(house.beat(old).next()).isEqualTo("stop left");
    assertThat(house.beat(newer).next()).isEqualTo("stop left");
    assertNobody();
  }

  @Test
  void two_devices_that_both_insist_are_one_viewer_at_every_moment() {
    String seat = house.seat("u");
    for (int i = 0; i < 5; i++) {
      house.fold();
      String before = seat;
      seat = house.join("u").text("seat");
      assertThat(house.rejoin(before, "user").next()).isEqualTo("stop superseded");
      house.fold();
      assertThat(house.beat(before).next()).isEqualTo("stop superseded");
      house.leave(before);
      assertThat(house.beat(seat).next()).isEqualTo("continue");
      assertOne("u", house.master);
    }
  }

  @Test
  void an_offer_that_is_taken_up_by_a_superseded_device_moves_nobody() {
    String first = house.seat("u");
    house.fold();
    house.open(house.second);
    drain();
    JsonNode offer = offered(first);
    String newer = house.seat("u");
    house.fold();

    assertThat(house.beat(offer.path("seat").asText()).next()).isEqualTo("stop superseded");
    assertThat(house.beat(first).next()).isEqualTo("stop superseded");
    assertThat(house.beat(newer).next()).isIn("continue", "move stage-draining");
    assertThat(house.total()).isEqualTo(1);
  }

  @Test
  void whoever_moved_is_not_brought_back_by_its_old_seat_however_often_it_speaks() {
    String old = house.seat("u");
    house.fold();
    house.open(house.second);
    drain();
    String moved = offered(old).path("seat").asText();
    assertThat(house.beat(moved).next()).isEqualTo("continue");
    // Its move is in the log and not folded: it has a place, and is offered no other.
    assertThat(house.beat(old).next()).isEqualTo("continue");
    assertOne("u", house.second);

    for (int i = 0; i < 3; i++) {
      assertThat(house.beat(old).next()).isEqualTo("rejoin moved");
      assertThat(house.beat(moved).next()).isEqualTo("continue");
      assertOne("u", house.second);
    }
    Answer rejoined = house.rejoin(old, "user");
    assertThat(rejoined.text("stageArn")).isEqualTo(house.second);
    assertThat(rejoined.text("token")).as("its own is for the old stage").isNotEmpty();
    assertOne("u", house.second);
    assertThat(house.stage(house.master, "closed")).isEqualTo("closed");
    assertThat(house.beat(rejoined.text("seat")).next()).isEqualTo("continue");
  }

  @Test
  void gateways_whose_clocks_disagree_send_nobody_away() {
    String seat = house.seat("u");
    house.fold();
    for (Duration skew : List.of(Duration.ofMinutes(-20), Duration.ofMinutes(10))) {
      house.time.advance(skew);
      assertThat(house.beat(seat).next()).isEqualTo("continue");
      assertThat(house.rejoin(seat, "background").next()).isEqualTo("continue");
      house.fold();
      house.sweep();
      assertOne("u", house.master);
    }
    house.time.advance(Duration.ofMinutes(10));
  }

  private List<String> seats(String prefix, int count) {
    List<String> seats = IntStream.range(0, count).mapToObj(i -> house.seat(prefix + i)).toList();
    assertThat(seats).doesNotContain("");
    return seats;
  }

  private void assertOne(String user, String stage) {
    assertThat(house.total()).isEqualTo(1);
    assertThat(await(house.redis.commands().hget(house.keys.viewerSeat(), user))).isEqualTo(stage);
    assertThat(house.taken(stage)).isEqualTo(1);
    assertThat(await(house.redis.commands().hlen(house.keys.viewerReserved()))).isZero();
  }

  private void assertNobody() {
    assertThat(house.total()).isZero();
    assertThat(house.taken(house.master)).isZero();
  }

  /** A gateway ticks, nobody speaks, and the counter sweeps. */
  private void backgroundFor(Duration time) {
    house.fold();
    for (long until = logMillis + time.toMillis(); logMillis < until; ) {
      logMillis += 2_000;
      Object[] tick = {"t", "tick", "s", "", "u", "gw-test", "p", "", "v", "1"};
      await(
          house
              .redis
              .commands()
              .xadd(house.keys.events(), new XAddArgs().id(logMillis + "-*"), tick));
      if (logMillis % 60_000 < 2_000) {
        house.fold();
        house.sweep();
      }
    }
    house.fold();
    house.sweep();
    house.fold();
  }

  private void drain() {
    house.drain(house.master);
    await().until(() -> stateOfMaster().equals("draining"));
  }

  private JsonNode offered(String seat) {
    Answer beat = house.beat(seat);
    assertThat(beat.next()).isEqualTo("move stage-draining");
    return beat.data().path("next");
  }

  /** Heartbeats are answered from what the statistics show, which may be a moment old. */
  private String stateOfMaster() {
    for (JsonNode stage : house.get("/api/stats").data().path("stages")) {
      if (stage.path("stageArn").asText().equals(house.master)) {
        return stage.path("state").asText();
      }
    }
    return "";
  }
}
