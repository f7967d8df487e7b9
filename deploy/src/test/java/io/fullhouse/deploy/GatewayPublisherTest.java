package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.deploy.GatewayHouse.Answer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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

  @Test
  void what_ivs_says_of_a_publisher_counts_in_the_order_in_which_it_happened() {
    String anna = house.post("/api/token/publisher", "{\"userId\":\"anna\"}").text("participantId");
    accepted(event("Participant Published", anna, "20:00:05"));
    awaitPublisher("ivs");
    accepted(event("Participant Unpublished", anna, "20:30:00"));
    awaitPublisher("");

    accepted(event("Participant Published", anna, "20:00:05")); // once more, and late
    accepted(event("Participant Publish Error", anna, "20:30:01"));
    assertThat(house.join("u1").reason()).isEqualTo("PUBLISHER_OFFLINE");
    accepted(event("Participant Published", anna, "20:31:00"));
    awaitPublisher("ivs");
    accepted(event("Participant Unpublished", anna, "20:30:30"));
    assertThat(house.join("u1").status()).isEqualTo(200);
  }

  @Test
  void a_guest_who_leaves_ends_no_show_and_an_operator_s_word_sticks() {
    accepted(event("Participant Published", "host1", "20:00:00"));
    accepted(event("Participant Published", "guest1", "20:00:01"));
    accepted(event("Participant Unpublished", "guest1", "20:10:00"));
    awaitPublisher("ivs");
    assertThat(house.join("u1").status()).isEqualTo(200);

    house.post("/api/publisher/offline", "{}");
    accepted(event("Participant Published", "guest2", "20:11:00"));
    assertThat(house.join("u2").reason()).isEqualTo("PUBLISHER_OFFLINE");
  }

  @Test
  void ivs_brings_back_what_redis_lost() {
    accepted(event("Participant Published", "host1", "20:00:00"));
    awaitPublisher("ivs");
    await(house.redis.commands().flushall());
    house.open(house.master);
    assertThat(house.join("u1").reason()).isEqualTo("PUBLISHER_OFFLINE");

    accepted(event("Participant Published", "host1", "20:00:00"));
    awaitPublisher("ivs");
    assertThat(house.join("u1").status()).isEqualTo(200);
  }

  @Test
  void events_that_are_not_ours_are_accepted_and_ignored() {
    for (String event :
        List.of(
            event("Participant Published", "p1", "20:00:00").replace(house.master, house.second),
            event("Participant Published", "p1", "20:00:00").replace("aws.ivs", "aws.s3"),
            event("Participant Rode a Unicycle", "p1", "20:00:00"),
            "{\"source\":\"aws.ivs\",\"detail-type\":\"IVS Composition State Change\"}")) {
      Answer answer = house.post("/api/events/ivs", event);
      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
      assertThat(answer.text("ignored")).isNotEmpty();
    }
    assertThat(house.join("u1").reason()).isEqualTo("PUBLISHER_OFFLINE");
  }

  @Test
  void events_that_nobody_can_read_are_refused() {
    for (String event :
        List.of(
            "{",
            "[]",
            "{}",
            "{\"source\":\"aws.ivs\",\"detail-type\":7}",
            event("Participant Published", "", "20:00:00"),
            event("Participant Published", "p|1", "20:00:00"),
            event("Participant Unpublished", "x".repeat(65), "20:00:00"))) {
      Answer answer = house.post("/api/events/ivs", event);
      assertThat(answer.status()).as("%s: %s", event, answer).isEqualTo(400);
    }
    assertThat(house.join("u1").reason()).isEqualTo("PUBLISHER_OFFLINE");
  }

  @Test
  void a_publisher_is_seen_by_what_ivs_delivers() {
    house.ivs(
        "/_sim/deliver",
        "{\"url\":\"%s\",\"apiKey\":\"%s\",\"duplicate\":1.0}"
            .formatted(house.address("/api/events/ivs"), GatewayHouse.KEY));
    String token = house.post("/api/token/publisher", "{\"userId\":\"anna\"}").text("token");
    Answer joined = house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}");
    String who =
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}"
            .formatted(house.master, joined.body().path("participantId").asText());
    house.ivs("/_sim/publish", who);
    awaitPublisher("ivs");
    house.ivs("/_sim/unpublish", who);
    awaitPublisher("");
  }

  private String event(String name, String participant, String time) {
    return """
        {"version":"0","id":"e-%s","detail-type":"IVS Stage Update","source":"aws.ivs",
         "account":"123456789012","time":"2026-11-22T%sZ","region":"us-east-1","resources":["%s"],
         "detail":{"session_id":"st-1CVugbu2cf2n8a","event_name":"%s","event_time":"2026-11-22T%sZ",
                   "user_id":"","participant_id":"%s"}}
        """
        .formatted(time, time, house.master, name, time, participant);
  }

  private void accepted(String event) {
    Answer answer = house.post("/api/events/ivs", event);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.data().path("accepted").asBoolean()).isTrue();
  }

  /** Its evidence; empty for nobody live. */
  private void awaitPublisher(String evidence) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              Answer status = house.get("/api/stats/publisher");
              assertThat(status.data().path("evidence").asText("")).isEqualTo(evidence);
            });
  }

  @Test
  void one_user_has_a_token_for_each_source_and_is_told_which_are_to_come() {
    house.open(house.second);

    Answer answer = house.post("/api/token/publisher-all?sources=true", "{\"userId\":\"host\"}");
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.data().path("totalStages").asInt()).isEqualTo(4);
    assertThat(answer.data().path("successfulTokens").asInt()).isEqualTo(2);
    assertThat(answer.data().path("failedTokens").asInt()).isEqualTo(2);
    assertThat(answer.data().at("/tokens/0/stageArn").asText()).isEqualTo(house.master);
    assertThat(answer.data().at("/tokens/1/stageArn").asText()).isEqualTo(house.second);
    assertThat(answer.data().at("/failures/0/reason").asText()).contains("No stage is open");
    assertThat(publishers()).isEqualTo(2);

    Answer again = house.post("/api/token/publisher-all?sources=true", "{\"userId\":\"host\"}");
    assertThat(again.data().path("successfulTokens").asInt()).isEqualTo(2);
    assertThat(publishers()).isEqualTo(2);
  }

  @Test
  void what_ivs_says_of_a_further_source_is_heard_of_who_has_a_token_for_it() {
    house.open(house.second);
    Answer answer = house.post("/api/token/publisher-all?sources=true", "{\"userId\":\"host\"}");
    String participant = answer.data().at("/tokens/1/participantId").asText();
    String published = event("Participant Published", participant, "20:00:00");

    accepted(published.replace(house.master, house.second));
    house.fold();
    assertThat(await(house.redis.commands().hvals(house.keys.fold())))
        .anyMatch(value -> value.startsWith(participant + "|" + house.second + "|ivs|"));
    assertThat(publishers()).isEqualTo(2);

    accepted(
        event("Participant Unpublished", participant, "20:01:00")
            .replace(house.master, house.second));
    house.fold();
    assertThat(publishers()).isEqualTo(1);
  }

  private long publishers() {
    return await(house.redis.commands().hkeys(house.keys.fold())).stream()
        .filter(name -> name.startsWith("publisher:"))
        .count();
  }
}
