package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.EventClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What lets a browser in: once. */
@ExtendWith(GatewayExtension.class)
final class TicketTest {
  private static final String STREAM = "/api/stats/stream?ticket=";

  private final RunningGateway gateway;
  private final RedisView view;

  TicketTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  private String ticket() {
    return gateway.post("/api/ticket", "").data().path("ticket").asText();
  }

  private Answer refused(String path) {
    return gateway.send(gateway.request(path).GET().build());
  }

  @Test
  void a_key_gets_a_ticket_that_opens_the_stream_once() {
    JsonNode given = gateway.post("/api/ticket", "").data();
    String ticket = given.path("ticket").asText();
    assertThat(given.fieldNames()).toIterable().containsExactly("ticket", "expiresAt", "expiresIn");
    assertThat(ticket).matches("[A-Za-z0-9_-]{32}");
    assertThat(given.path("expiresIn").asInt()).isEqualTo(60);
    assertThat(Instant.parse(given.path("expiresAt").asText()))
        .isBetween(Instant.now(), Instant.now().plusSeconds(61));
    List<String> keys = view.call(c -> c.keys("ivs:prod:ticket:*"));
    assertThat(keys).hasSize(1).noneMatch(key -> key.contains(ticket));
    String whose = view.call(c -> c.get(keys.get(0)));
    assertThat(whose).isEqualTo("key:all");
    long seconds = view.call(c -> c.ttl(keys.get(0)));
    assertThat(seconds).isBetween(1L, 60L);

    try (EventClient client =
        EventClient.open(gateway.uri(STREAM + ticket), "Origin", "https://anybody.example")) {
      await().until(() -> !client.numbers().isMissingNode());
      assertThat(client.head().headers().firstValue("access-control-allow-origin")).hasValue("*");
    }
    Answer again = refused(STREAM + ticket);
    assertRefused(again, 401, "UNAUTHORIZED");
    assertThat(again.reason()).isEqualTo("TICKET_INVALID");
    assertThat(again.body().toString()).doesNotContain(ticket);
  }

  @Test
  void a_seat_gets_one_too_also_as_text() {
    String seat =
        gateway.post("/api/token/viewer", "{\"userId\":\"ben\"}").data().path("seat").asText();
    String bearer = gateway.postSeat("/api/ticket", seat).data().path("ticket").asText();
    Answer text =
        gateway.send(
            gateway
                .request("/api/ticket")
                .header("Content-Type", "text/plain;charset=UTF-8")
                .header("Origin", "https://anybody.example")
                .POST(BodyPublishers.ofString("{\"seat\":\"" + seat + "\"}"))
                .build());
    assertThat(text.header("access-control-allow-origin")).isEqualTo("*");
    String inBody = text.data().path("ticket").asText();

    try (SocketClient socket = new SocketClient(gateway.uri("/ws?ticket=" + bearer), null);
        EventClient client = EventClient.open(gateway.uri(STREAM + inBody))) {
      socket.send("{\"type\":\"ping\"}");
      socket.awaitMessage("pong");
      await().until(() -> !client.numbers().isMissingNode());
    }
    assertRefused(gateway.postSeat("/api/ticket", seat + "x"), 401, "UNAUTHORIZED");
  }

  @Test
  void a_seat_goes_before_a_key() {
    String seat =
        gateway.post("/api/token/viewer", "{\"userId\":\"ben\"}").data().path("seat").asText();

    gateway.post("/api/ticket", "{\"seat\":\"" + seat + "\"}").data();
    List<String> keys = view.call(c -> c.keys("ivs:prod:ticket:*"));
    assertThat(keys).hasSize(1);
    String whose = view.call(c -> c.get(keys.get(0)));
    assertThat(whose).startsWith("seat:");

    for (String none : List.of("", "x", seat + "x")) {
      Answer answer = gateway.post("/api/ticket", "{\"seat\":\"" + none + "\"}");
      assertRefused(answer, 401, "UNAUTHORIZED");
    }
    assertRefused(gateway.post("/api/ticket", "{\"seat\":5}"), 400, "VALIDATION_ERROR");
  }

  @Test
  void of_twenty_who_show_it_at_once_one_is_let_in() {
    refused(STREAM + "x".repeat(32)); // the first to ask wait longer than Redis may take
    String ticket = ticket();
    List<EventClient> all =
        IntStream.range(0, 20)
            .mapToObj(i -> EventClient.open(gateway.uri(STREAM + ticket)))
            .toList();
    try {
      assertThat(all.stream().map(client -> client.head().statusCode()))
          .containsOnlyOnce(200)
          .allMatch(status -> status == 200 || status == 401);
    } finally {
      all.forEach(EventClient::close);
    }
  }

  @Test
  void what_is_no_ticket_or_too_old_lets_nobody_in() {
    String old = ticket();
    view.call(c -> c.keys("ivs:prod:ticket:*"))
        .forEach(key -> view.call(c -> c.pexpire(key, 0))); // as after a minute
    for (String ticket : List.of(old, "", "x".repeat(32), "x".repeat(5_000), "%00")) {
      assertRefused(refused(STREAM + ticket), 401, "UNAUTHORIZED");
    }
    assertRefused(refused("/api/stats/stream"), 401, "UNAUTHORIZED");
    assertRefused(refused("/api/stats?ticket=" + ticket()), 401, "UNAUTHORIZED");
  }

  @Test
  void a_key_for_something_else_gets_none() {
    Answer answer =
        gateway.send(
            gateway
                .request("/api/ticket")
                .header("X-API-Key", "join-key")
                .POST(BodyPublishers.noBody())
                .build());

    assertRefused(answer, 403, "FORBIDDEN");
    assertRefused(
        gateway.send(gateway.request("/api/ticket").POST(BodyPublishers.noBody()).build()),
        401,
        "UNAUTHORIZED");
  }
}
