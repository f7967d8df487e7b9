package io.fullhouse.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, asked and answered. */
@ExtendWith(GatewayExtension.class)
final class HttpHeadersTest {
  private final RunningGateway gateway;
  private final RedisView view;

  HttpHeadersTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void the_callers_request_id_is_answered_and_travels_into_the_event() {
    gateway.send(
        gateway
            .request("/api/publisher/offline")
            .header("X-API-Key", RunningGateway.KEY)
            .header("X-Request-Id", "mine-1.2_3")
            .POST(BodyPublishers.noBody())
            .build());

    assertThat(view.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry).containsEntry("rid", "mine-1.2_3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "has space",
        "<script>",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void a_request_id_that_is_none_is_replaced(String id) {
    Answer answer =
        gateway.send(gateway.request("/health/live").header("X-Request-Id", id).GET().build());

    assertThat(answer.header("x-request-id")).matches("[A-Za-z0-9]{17}");
  }

  @Test
  void only_statistics_may_be_stored() {
    assertThat(gateway.get("/health").header("cache-control")).isEqualTo("no-store");
    assertThat(gateway.get("/nope").header("cache-control")).isEqualTo("no-store");
    assertThat(gateway.get("/api/stats").header("cache-control")).isEmpty();
  }

  @Test
  void any_page_may_use_a_seat_but_only_configured_ones_a_key() {
    Answer seat = preflight("/api/viewer/heartbeat", "https://anywhere.example");
    assertThat(seat.status()).isEqualTo(204);
    assertThat(seat.header("access-control-allow-origin")).isEqualTo("*");
    assertThat(seat.header("access-control-allow-headers")).contains("Authorization");
    assertThat(seat.header("access-control-max-age")).isEqualTo("7200");

    assertThat(preflight("/api/token/viewer", "https://anywhere.example").headers())
        .doesNotContainKey("access-control-allow-origin");
    Answer key = preflight("/api/token/viewer", "https://studio.example.org");
    assertThat(key.header("access-control-allow-origin")).isEqualTo("https://studio.example.org");
    assertThat(key.header("access-control-allow-headers")).contains("X-API-Key");
    assertThat(key.header("vary")).isEqualTo("Origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/stats", "/nope", "/api/token/viewer", "/%zz", "/fullhouse.js"})
  void every_answer_tells_browsers_what_it_is_not(String path) throws IOException {
    String client = path.equals("/fullhouse.js") ? "cross-origin" : "same-origin";

    assertThat(headersOf(path))
        .containsOnlyOnce("x-content-type-options: nosniff\r\n")
        .containsOnlyOnce("referrer-policy: no-referrer\r\n")
        .containsOnlyOnce("x-frame-options: deny\r\n")
        .containsOnlyOnce("content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n")
        .containsOnlyOnce("cross-origin-resource-policy: " + client + "\r\n")
        .doesNotContain("strict-transport-security", "\r\nserver:", "\r\nx-powered-by:");
  }

  /** Undecoded and unchecked: an HTTP client would not send all of these. Lower case. */
  private String headersOf(String path) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.substring(0, answer.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
    }
  }

  @Test
  void a_page_can_read_why_it_was_refused() {
    Answer answer =
        gateway.send(
            gateway
                .request("/api/viewer/heartbeat")
                .header("Origin", "https://anywhere.example")
                .POST(BodyPublishers.noBody())
                .build());

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
    assertThat(answer.header("access-control-expose-headers")).contains("Retry-After");
  }

  private Answer preflight(String path, String origin) {
    return gateway.send(
        gateway
            .request(path)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", BodyPublishers.noBody())
            .build());
  }

  @Test
  void options_names_the_methods_and_nothing_else() {
    Answer answer =
        gateway.send(
            gateway
                .request("/api/token/viewer")
                .method("OPTIONS", BodyPublishers.noBody())
                .build());

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("allow")).contains("POST");
    assertThat(answer.body().isMissingNode()).isTrue();
  }

  @Test
  void whatever_is_accepted_json_is_answered() {
    Answer answer =
        gateway.send(
            gateway
                .request("/api/stats")
                .header("X-API-Key", RunningGateway.KEY)
                .header("Accept", "text/html")
                .GET()
                .build());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }
}
