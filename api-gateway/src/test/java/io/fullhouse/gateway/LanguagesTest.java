package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each answer in the language of whoever asked. */
@ExtendWith(GatewayExtension.class)
final class LanguagesTest {
  private static final String TAIWAN = "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7";

  private final RunningGateway gateway;

  LanguagesTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  private HttpRequest.Builder chinese(String path) {
    return gateway
        .request(path)
        .header("X-API-Key", RunningGateway.KEY)
        .header("Accept-Language", TAIWAN);
  }

  @Test
  void a_success_tells_a_person_how_to_go_on_in_that_language() {
    Answer answer =
        gateway.send(
            chinese("/api/token/publisher")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"host\"}"))
                .build());

    assertThat(answer.header("content-language")).isEqualTo("zh-Hant");
    assertThat(answer.data().at("/instructions/obs").asText()).contains("串流", "WHIP");
    assertThat(answer.data().at("/instructions/web").asText()).contains("建立");
  }

  @Test
  void whatever_is_in_the_envelope_says_its_language_and_that_it_depends() {
    for (String path : List.of("/", "/health", "/api/stats", "/nope", "/api/stats/stages/nope")) {
      assertThat(gateway.get(path).header("content-language")).isEqualTo("en");
      Answer answer = gateway.send(chinese(path).GET().build());
      assertThat(answer.header("content-language")).isEqualTo("zh-Hant");
      assertThat(answer.headers().get("vary")).containsExactly("Origin, Accept-Language");
    }
  }

  @Test
  void a_page_may_ask_for_a_language_and_the_answer_still_varies_by_origin() {
    Answer page =
        gateway.send(
            chinese("/api/stats").header("Origin", "https://studio.example.org").GET().build());
    assertThat(page.headers().get("vary")).containsExactly("Origin, Accept-Language");
    assertThat(page.header("access-control-allow-origin")).isEqualTo("https://studio.example.org");

    Answer seat =
        gateway.send(
            chinese("/api/viewer/leave")
                .header("Origin", "https://anywhere.example.org")
                .POST(BodyPublishers.noBody())
                .build());
    assertThat(seat.headers().get("vary")).containsExactly("Accept-Language");
  }

  @Test
  void files_are_in_no_language() throws IOException {
    assertThat(raw("GET /fullhouse.js HTTP/1.1\r\nHost: x\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContainIgnoringCase("Content-Language", "Vary: Accept-Language");
  }

  @Test
  void what_never_reaches_a_resource_is_refused_in_that_language() throws IOException {
    assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\nAccept-Language: zh-TW\r\n"))
        .startsWith("HTTP/1.1 417 ")
        .contains("Content-Language: zh-Hant\r\n", "Vary: Accept-Language\r\n", "無法讀取這個請求");
    // Refused before its headers are read: nobody knows.
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\nAccept-Language: zh-TW\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Language: en\r\n");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      byte[] bytes = (request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(bytes);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
