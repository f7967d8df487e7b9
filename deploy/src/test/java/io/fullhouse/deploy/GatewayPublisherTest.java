package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.deploy.GatewayHouse.Answer;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The publisher's coming and going, with a fold that runs as the counter worker's does. */
final class GatewayPublisherTest {
  private final GatewayHouse house = new GatewayHouse(Map.of("joinBeforeLive", "false"));
  private final ScheduledExecutorService counter = Executors.newSingleThreadScheduledExecutor();

  @BeforeEach
  void fold() {
    var running = counter.scheduleWithFixedDelay(house::fold, 0, 30, TimeUnit.MILLISECONDS);
    assertThat(running.isDone()).isFalse();
  }

  @AfterEach
  void close() throws InterruptedException {
    counter.shutdown();
    assertThat(counter.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    house.close();
  }

  @Test
  void a_viewer_token_works_right_after_the_publisher_token() {
    assertThat(house.join("u1").reason()).isEqualTo("PUBLISHER_OFFLINE");

    Answer publisher = house.post("/api/token/publisher", "{\"userId\":\"host\"}");
    assertThat(publisher.text("stageArn")).isEqualTo(house.master);
    assertThat(publisher.data().path("capabilities").toString()).isEqualTo("[\"PUBLISH\"]");
    assertThat(publisher.text("whipEndpoint")).startsWith("https://");
    assertThat(publisher.data().at("/instructions/obs").asText()).contains("WHIP");
    assertThat(house.join("u1").status()).isEqualTo(200);
  }

  @Test
  void an_operator_s_offline_sends_newcomers_away_and_nobody_else() {
    house.post("/api/token/publisher", "{\"userId\":\"host\"}");
    String seat = house.seat("u1");

    Answer offline = house.post("/api/publisher/offline", "{}");
    assertThat(offline.data().path("isPublisherLive").asBoolean(true)).isFalse();
    assertThat(house.join("u2").reason()).isEqualTo("PUBLISHER_OFFLINE");
    assertThat(house.beat(seat).next()).isEqualTo("continue");
    assertThat(house.rejoin(seat, "user").next()).isEqualTo("continue");

    Answer back = house.post("/api/token/publisher", "{\"userId\":\"host\"}");
    assertThat(back.status()).isEqualTo(200);
    assertThat(house.join("u2").status()).isEqualTo(200);
  }
}
