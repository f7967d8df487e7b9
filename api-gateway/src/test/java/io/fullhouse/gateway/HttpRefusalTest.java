package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.RunningGateway.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What never reaches a resource is refused in the envelope all the same. */
@ExtendWith(GatewayExtension.class)
final class HttpRefusalTest {
  private static final String POST =
      "POST /api/viewer/leave HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

  private final RunningGateway gateway;

  HttpRefusalTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "GET /nope 404 NOT_FOUND",
        "POST /api/token/nobody 404 NOT_FOUND",
        "POST /api/token/mediaserver/x 404 NOT_FOUND",
        "POST /api/stats/viewer/increment 404 NOT_FOUND",
        "POST /api/stats/viewer/decrement 404 NOT_FOUND",
        "GET /api/viewer/list/x 404 NOT_FOUND",
        "GET /api/token/viewer 405 METHOD_NOT_ALLOWED",
        "PATCH /api/stats 405 METHOD_NOT_ALLOWED",
        "DELETE /api/viewer/leave 405 METHOD_NOT_ALLOWED",
        "POST /health 405 METHOD_NOT_ALLOWED",
        "TRACE /api/stats 405 METHOD_NOT_ALLOWED",
        "BREW /api/stats 405 METHOD_NOT_ALLOWED",
        "GET /api/stats/stages/nope 404 NOT_FOUND",
        "GET /api/stats/stages?arn=nope 400 VALIDATION_ERROR",
        "GET /api/stats/stages?arn= 400 VALIDATION_ERROR",
        "GET /api/stats/stages?arn=arn:aws:ivs:us-east-1:1:stage/other 404 NOT_FOUND",
      })
  void routes_and_methods_that_are_none(String method, String path, int status, String code) {
    Answer answer =
        gateway.send(
            gateway
                .request(path)
                .header("X-API-Key", RunningGateway.KEY)
                .method(method, BodyPublishers.noBody())
                .build());

    assertRefused(answer, status, code);
    assertThat(answer.header("allow").isEmpty()).isEqualTo(status != 405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /\r\nHost: x\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /api/stats/stages/%c3%28 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        "POST /api/viewer/leave HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        POST + "Content-Type: nonsense\r\nContent-Length: 2\r\n\r\n{}",
        POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
      })
  void what_is_not_even_http_is_told_so_in_the_envelope(String raw) throws IOException {
    String answer = sendRaw(raw);

    assertThat(answer).matches("(?s)HTTP/1.1 (4[0-9][0-9]|505) .*");
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertThat(new ObjectMapper().readTree(body).path("success").isBoolean()).isTrue();
    assertThat(answer).contains("VALIDATION_ERROR").doesNotContain("\tat ", "jetty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%zz", "/api/stage/%", "/api/stage/a%00b", "/api/stats/stages/%2e%2e"})
  void a_connection_that_ends_with_its_refusal_says_so(String path) throws IOException {
    assertThat(sendRaw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("\r\nConnection: close\r\n");
  }

  @Test
  void a_refusal_of_head_has_no_body() throws IOException {
    String get = sendRaw("GET //api/stats HTTP/1.1\r\nHost: x\r\n\r\n");
    String head = sendRaw("HEAD //api/stats HTTP/1.1\r\nHost: x\r\n\r\n");

    int length = get.length() - get.indexOf("\r\n\r\n") - 4;
    assertThat(head)
        .startsWith("HTTP/1.1 400 ")
        .contains("\r\nContent-Length: " + length + "\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void headers_that_are_too_large_are_refused_in_the_envelope() {
    Answer answer =
        gateway.send(gateway.request("/").header("X-Large", "x".repeat(20_000)).GET().build());

    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.code()).isEqualTo("VALIDATION_ERROR");
  }

  private String sendRaw(String raw) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(raw.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
