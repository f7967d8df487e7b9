package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private final WebhookServer webhook = WebhookServer.start();
  private String stage = "";

  @BeforeEach
  void createStage() {
    stage = clients.stage();
  }

  @AfterEach
  void close() {
    sim.close();
    webhook.close();
  }

  @Test
  void an_event_arrives_in_the_envelope_and_with_the_headers_of_an_api_destination() {
    deliver("\"apiKey\":\"secret\"");
    String publisher = clients.publisher(stage);
    String session = clients.activeSession(stage);

    WebhookServer.Received received = webhook.awaitCount(1).get(0);
    assertThat(received.header("User-Agent")).isEqualTo("Amazon/EventBridge/ApiDestinations");
    assertThat(received.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(received.header("Range")).isEqualTo("bytes=0-1048575");
    assertThat(received.header("Accept-Encoding")).isEqualTo("gzip,deflate");
    assertThat(received.header("X-API-Key")).isEqualTo("secret");
    JsonNode event = received.event();
    assertThat(event.get("version").asText()).isEqualTo("0");
    assertThat(UUID.fromString(event.get("id").asText())).isNotNull();
    assertThat(event.get("detail-type").asText()).isEqualTo("IVS Stage Update");
    assertThat(event.get("source").asText()).isEqualTo("aws.ivs");
    assertThat(event.get("account").asText()).isEqualTo("123456789012");
    assertThat(event.get("region").asText()).isEqualTo("us-east-1");
    assertThat(event.get("time").asText()).isEqualTo(sim.now().toString());
    assertThat(event.at("/resources/0").asText()).isEqualTo(stage);
    assertThat(event.at("/detail/session_id").asText()).isEqualTo(session);
    assertThat(event.at("/detail/event_name").asText()).isEqualTo("Participant Published");
    assertThat(event.at("/detail/event_time").asText()).isEqualTo(sim.now().toString());
    assertThat(event.at("/detail/participant_id").asText()).isEqualTo(publisher);
    assertThat(event.at("/detail/user_id").asText()).isEqualTo("u");
  }

  @Test
  void publishers_and_replications_are_told_of_and_viewers_never() {
    String other = clients.stage();
    deliver("");
    String publisher = clients.publisher(stage);
    clients.viewer(stage);
    sim.ivs()
        .startParticipantReplication(
            r -> r.sourceStageArn(stage).destinationStageArn(other).participantId(publisher));
    clients.act("unpublish", stage, publisher);
    sim.steer(
        "POST",
        "/publish",
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\",\"error\":\"BITRATE_EXCEEDED\"}"
            .formatted(stage, publisher));

    List<JsonNode> events =
        webhook.awaitCount(5).stream().map(WebhookServer.Received::event).toList();
    assertThat(events)
        .extracting(event -> event.at("/detail/event_name").asText())
        .containsExactlyInAnyOrder(
            "Participant Published",
            "Participant Replication Started",
            "Participant Unpublished",
            "Participant Replication Ended",
            "Participant Publish Error");
    assertThat(named(events, "Participant Publish Error").at("/detail/error_code").asText())
        .isEqualTo("BITRATE_EXCEEDED");
    JsonNode started = named(events, "Participant Replication Started");
    assertThat(started.at("/resources/0").asText()).isEqualTo(stage);
    assertThat(started.at("/detail/destination_stage_arn").asText()).isEqualTo(other);
    assertThat(started.at("/detail/destination_session_id").asText()).startsWith("st-");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void a_passing_trouble_is_tried_again_not_before_it_was_asked_for(int status) {
    webhook.answerOnce(status, Map.of("Retry-After", "30"));
    deliver("");
    clients.publisher(stage);
    webhook.awaitCount(1);
    await().until(() -> state("retried") == 1);
    sim.pass(Duration.ofSeconds(29));
    assertThat(state("pending")).isEqualTo(1);
    assertThat(webhook.received()).hasSize(1);

    sim.pass(Duration.ofSeconds(1));
    List<WebhookServer.Received> both = webhook.awaitCount(2);
    assertThat(both.get(0).event()).isEqualTo(both.get(1).event());
    await().until(() -> state("delivered") == 1);
  }

  @ParameterizedTest
  @CsvSource({"400, ''", "404, ''", "302, ''", "503, -1"})
  void other_answers_and_a_negative_wait_end_it(int status, String retryAfter) {
    webhook.answerOnce(status, retryAfter.isEmpty() ? Map.of() : Map.of("Retry-After", retryAfter));
    deliver("");
    clients.publisher(stage);
    await().until(() -> state("failed") == 1);
    JsonNode letter = sim.look("/deliver").at("/deadLetters/0");
    assertThat(letter.get("last").asInt()).isEqualTo(status);
    assertThat(letter.at("/event/detail/event_name").asText()).isEqualTo("Participant Published");
    assertThat(state("pending")).isZero();
  }

  @Test
  void attempts_are_bounded_in_number_and_age() {
    webhook.answerAlways(503);
    deliver("\"maxAttempts\":3");
    clients.publisher(stage);
    for (int attempts = 1; attempts <= 2; attempts++) {
      int made = attempts;
      await().until(() -> state("retried") == made);
      sim.pass(Duration.ofMinutes(5));
    }
    await().until(() -> state("failed") == 1);
    assertThat(webhook.received()).hasSize(3);

    String other = clients.stage();
    deliver("");
    clients.publisher(other);
    await().until(() -> state("retried") == 1);
    sim.pass(Duration.ofHours(24));
    await().until(() -> state("failed") == 1);
  }

  @Test
  void a_webhook_that_is_not_there_is_tried_again() {
    webhook.close();
    deliver("");
    clients.publisher(stage);
    await().until(() -> state("retried") == 1);
  }

  @Test
  void events_can_be_late_twice_or_lost() {
    deliver("\"delayMillis\":3600000,\"duplicate\":1");
    clients.publisher(stage);
    sim.pass(Duration.ofMinutes(59));
    assertThat(state("pending")).isEqualTo(2);
    assertThat(webhook.received()).isEmpty();
    sim.pass(Duration.ofMinutes(1));
    List<WebhookServer.Received> both = webhook.awaitCount(2);
    assertThat(both.get(0).event()).isEqualTo(both.get(1).event());

    deliver("\"drop\":1");
    clients.publisher(stage);
    assertThat(state("dropped")).isEqualTo(1);
    assertThat(state("pending")).isZero();
  }

  @Test
  void shuffled_events_arrive_in_another_order() {
    deliver("\"shuffle\":true");
    String publisher = clients.publisher(stage);
    for (int i = 0; i < 10; i++) {
      clients.act("unpublish", stage, publisher);
      clients.act("publish", stage, publisher);
    }
    for (int i = 0; i < 10; i++) {
      sim.pass(Duration.ofMillis(100));
      await().until(() -> state("pending") == notDue());
    }
    List<String> sent = ids(sim.look("/deliver").get("events"));
    List<String> arrived =
        webhook.awaitCount(21).stream().map(it -> it.event().get("id").asText()).toList();
    assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent).isNotEqualTo(sent);
  }

  @Test
  void a_stopped_delivery_sends_nothing_more_and_the_events_stay_visible() {
    deliver("\"delayMillis\":1000");
    clients.publisher(stage);
    sim.steer("DELETE", "/deliver", "");
    sim.pass(Duration.ofSeconds(2));
    JsonNode state = sim.look("/deliver");
    assertThat(state.has("destination")).isFalse();
    assertThat(state.get("pending").asInt()).isZero();
    assertThat(state.get("events")).hasSize(1);
    assertThat(webhook.received()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                              | url",
        "{\"url\":\"nowhere\"}                           | url",
        "{\"url\":\"ftp://x/y\"}                         | url",
        "{\"url\":\"http://x y\"}                        | url",
        "{\"url\":\"http://x/y\",\"drop\":2}             | drop",
        "{\"url\":\"http://x/y\",\"shuffle\":1}          | shuffle",
        "{\"url\":\"http://x/y\",\"delay\":1}            | delay",
        "{\"url\":\"http://x/y\",\"header\":\"a b\"}     | header",
      })
  void a_mistaken_destination_is_400(String body, String named) {
    var answer = sim.http("POST", "/_sim/deliver", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestSimulator.json(answer).get("message").asText()).contains(named);
  }

  private void deliver(String options) {
    String more = Optional.of(options).filter(it -> !it.isEmpty()).map(it -> "," + it).orElse("");
    sim.steer("POST", "/deliver", "{\"url\":\"" + webhook.url() + "\"" + more + "}");
  }

  private int state(String member) {
    return sim.look("/deliver").get(member).asInt();
  }

  /** How many wait for a later time, seen from what has arrived. */
  private int notDue() {
    return 21 - webhook.received().size();
  }

  private static List<String> ids(JsonNode events) {
    return events.findValuesAsText("id");
  }

  private static JsonNode named(List<JsonNode> events, String name) {
    return events.stream()
        .filter(event -> event.at("/detail/event_name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
