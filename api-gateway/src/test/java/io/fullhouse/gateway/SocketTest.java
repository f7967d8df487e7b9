package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The numbers on a WebSocket, as clients of the Express service know them. */
@ExtendWith(GatewayExtension.class)
final class SocketTest {
  private final RunningGateway gateway;
  private final RedisView view;

  SocketTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void who_subscribes_to_all_hears_of_numbers_and_stages() {
    try (SocketClient client = SocketClient.open(gateway)) {
      client.send("{\"action\":\"subscribe\",\"channel\":\"all\"}");
      assertThat(client.awaitMessage("subscribed").path("channel").asText()).isEqualTo("all");
      JsonNode first = client.awaitMessage("stats_update");
      assertThat(first.fieldNames())
          .toIterable()
          .containsExactly(
              "type",
              "totalViewers",
              "viewerCount",
              "activeStages",
              "isPublisherLive",
              "timestamp");

      view.viewers(3);
      JsonNode changed =
          client.awaitMessage("stats_update", m -> m.path("totalViewers").asInt() == 3);
      assertThat(changed.path("viewerCount").asInt()).isEqualTo(3);
      assertThat(changed.path("isPublisherLive").asBoolean()).isTrue();

      view.notice("Stage Opened", MASTER);
      view.notice("Stage Draining", MASTER);
      view.notice("Stage Closed", MASTER);
      for (String type : new String[] {"stage_created", "stage_draining", "stage_deleted"}) {
        JsonNode told = client.awaitMessage(type);
        assertThat(told.path("stageArn").asText()).isEqualTo(MASTER);
        assertThat(told.path("timestamp").asText()).endsWith("Z");
      }
      assertThat(client.awaitMessage("stats_update", m -> m.path("totalViewers").asInt() == 3))
          .isNotNull();
    }
  }

  @Test
  void a_channel_is_heard_only_while_it_is_subscribed_to() {
    try (SocketClient client = SocketClient.open(gateway)) {
      client.send("{\"type\":\"subscribe\",\"channel\":\"stages\"}");
      client.awaitMessage("subscribed");
      view.viewers(4);
      view.notice("Stage Opened", MASTER);
      client.awaitMessage("stage_created");
      assertThat(client.messages("stats_update")).isEmpty();

      client.send("{\"type\":\"unsubscribe\",\"channel\":\"stages\"}");
      client.awaitMessage("unsubscribed");
      client.send("{\"type\":\"subscribe\",\"channel\":\"stats\"}");
      client.awaitMessage("stats_update", m -> m.path("totalViewers").asInt() == 4);
      view.notice("Stage Closed", MASTER);
      view.viewers(5);
      client.awaitMessage("stats_update", m -> m.path("totalViewers").asInt() == 5);
      assertThat(client.messages("stage_deleted")).isEmpty();
    }
  }

  @Test
  void what_cannot_be_understood_is_told_and_ends_nothing() {
    try (SocketClient client = SocketClient.open(gateway)) {
      for (String bad :
          new String[] {
            "",
            "{",
            "[]",
            "{\"type\":\"dance\"}",
            "{\"type\":\"subscribe\"}",
            "{\"type\":\"subscribe\",\"channel\":\"gossip\"}"
          }) {
        int before = client.messages("error").size();
        client.send(bad);
        org.awaitility.Awaitility.await().until(() -> client.messages("error").size() > before);
      }
      assertThat(client.messages("error"))
          .allSatisfy(
              told -> {
                assertThat(told.at("/error/code").asText()).isEqualTo("VALIDATION_ERROR");
                assertThat(told.at("/error/message").asText()).isNotEmpty();
              });
      client.send("{\"type\":\"ping\"}");
      assertThat(client.awaitMessage("pong").path("timestamp").asText()).endsWith("Z");
    }
  }

  @Test
  void a_message_that_is_too_large_ends_the_connection() throws Exception {
    try (SocketClient client = SocketClient.open(gateway)) {
      client.send("\"" + "x".repeat(5_000) + "\"");

      assertThat(client.closed().get(20, TimeUnit.SECONDS)).startsWith("1009");
    }
  }

  @Test
  void without_a_proof_there_is_no_upgrade() {
    assertRefused(gateway.send(gateway.request("/ws").GET().build()), 401, "UNAUTHORIZED");
    assertRefused(
        gateway.send(gateway.request("/ws?ticket=none").GET().build()), 400, "VALIDATION_ERROR");
    assertRefused(gateway.get("/ws"), 400, "VALIDATION_ERROR");
  }
}
