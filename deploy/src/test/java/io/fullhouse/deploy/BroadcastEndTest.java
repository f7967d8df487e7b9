package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.deploy.GatewayHouse.Answer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator ends the broadcast, and the next publisher begins a new one. */
final class BroadcastEndTest {
  private final GatewayHouse house = new GatewayHouse(Map.of("stageCapacity", "5"));

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void the_seated_are_told_to_stop_and_newcomers_that_nobody_publishes() {
    Answer joined = house.join("u1");
    String seat = joined.text("seat");
    house.fold();

    assertThat(end("{}").data().path("ended").asBoolean()).isTrue();
    assertThat(house.total()).isEqualTo(1);
    await().until(() -> house.beat(seat).next().equals("stop ended"));
    assertThat(house.byKey("heartbeat", "u1", house.master, "").next()).isEqualTo("stop ended");
    assertThat(house.rejoin(seat, "user").next()).isEqualTo("stop ended");
    Answer late = house.join("u2");
    assertThat(late.status()).as("although joins before the show are allowed").isEqualTo(404);
    assertThat(late.reason()).isEqualTo("PUBLISHER_OFFLINE");
    house.leave(seat);
    assertThat(house.total()).isZero();
  }

  @Test
  void the_next_publisher_token_begins_a_new_show() {
    String seat = house.seat("u1");
    house.fold();
    end("{}");
    CompletableFuture<Answer> token =
        CompletableFuture.supplyAsync(
            () -> house.post("/api/token/publisher", "{\"userId\":\"host\"}"));
    await()
        .until(
            () -> {
              house.fold();
              return token.isDone();
            });

    assertThat(token.join().status()).isEqualTo(200);
    await().until(() -> house.beat(seat).next().equals("continue"));
    assertThat(house.join("u2").status()).isEqualTo(200);
    house.fold();
    assertThat(house.get("/api/stats/publisher").data().path("isPublisherLive").asBoolean())
        .isTrue();
  }

  @Test
  void a_planned_end_comes_by_the_clock_of_redis_and_can_be_called_off() {
    String seat = house.seat("u1");
    house.fold();
    Answer planned = end("{\"afterSeconds\":3600}");
    assertThat(planned.data().path("ended").asBoolean(true)).isFalse();
    assertThat(planned.text("endsAt")).endsWith("Z");
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.join("u2").status()).isEqualTo(200);

    await(house.redis.commands().set(house.keys.broadcastEnd(), "1"));
    await().until(() -> house.beat(seat).next().equals("stop ended"));
    assertThat(house.get("/api/scaler").data().at("/end/ended").asBoolean()).isTrue();

    assertThat(house.send("DELETE", "/api/broadcast/end", "").status()).isEqualTo(200);
    await().until(() -> house.beat(seat).next().equals("continue"));
    assertThat(house.join("u3").status()).isEqualTo(200);
  }

  @Test
  void a_publisher_token_does_not_put_off_an_end_that_is_still_to_come() {
    end("{\"afterSeconds\":3600}");
    CompletableFuture<Answer> token =
        CompletableFuture.supplyAsync(
            () -> house.post("/api/token/publisher", "{\"userId\":\"host\"}"));
    await()
        .until(
            () -> {
              house.fold();
              return token.isDone();
            });

    assertThat(await(house.redis.commands().exists(house.keys.broadcastEnd()))).isEqualTo(1);
  }

  /** The end waits for the fold to know of it, which is the test's to do. */
  private Answer end(String json) {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> house.post("/api/broadcast/end", json));
    await()
        .until(
            () -> {
              house.fold();
              return answer.isDone();
            });
    return answer.join();
  }
}
