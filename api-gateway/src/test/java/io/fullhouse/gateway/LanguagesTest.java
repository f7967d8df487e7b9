package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.model.EntryId;
import io.lettuce.core.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each answer in the language of whoever asked. */
@ExtendWith(GatewayExtension.class)
final class LanguagesTest {
  private static final String TAIWAN = "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7";

  private static final String CHINESE = "\\p{IsHan}";

  /** What no two answers have in common, or only by chance. */
  private static final Set<String> OWN =
      Set.of(
          "content-language",
          "content-length",
          "date",
          "ratelimit-reset",
          "retry-after",
          "x-request-id");

  private final RunningGateway gateway;
  private final RedisView view;
  private final StubIvs ivs;

  LanguagesTest(RunningGateway gateway, RedisView view, StubIvs ivs) {
    this.gateway = gateway;
    this.view = view;
    this.ivs = ivs;
  }

  private HttpRequest.Builder asked(String path, String language) {
    return gateway
        .request(path)
        .header("X-API-Key", RunningGateway.KEY)
        .header("Content-Type", "application/json")
        .header("Accept-Language", language);
  }

  private HttpRequest.Builder chinese(String path) {
    return asked(path, TAIWAN);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "TOO_MANY_REQUESTS") // RateLimitTest has it
  void a_code_and_all_that_goes_with_it_is_the_same_in_each_language(ErrorCode code) {
    assertOnlyTheMessageDiffers(refused(code, "en"), refused(code, TAIWAN));
  }

  static void assertOnlyTheMessageDiffers(Answer english, Answer chinese) {
    assertThat(english.header("content-language")).isEqualTo("en");
    assertThat(chinese.header("content-language")).isEqualTo("zh-Hant");
    assertThat(message(english)).matches("\\p{ASCII}+");
    assertThat(message(chinese)).containsPattern(CHINESE);
    assertThat(chinese.status()).isEqualTo(english.status());
    assertThat(withoutChance(chinese)).isEqualTo(withoutChance(english));
    assertThat(headers(chinese)).isEqualTo(headers(english));
  }

  private static String message(Answer answer) {
    return answer.body().at("/error/message").asText();
  }

  private static ObjectNode withoutChance(Answer answer) {
    ObjectNode body = answer.body().deepCopy();
    body.remove("timestamp");
    ((ObjectNode) body.path("error")).remove("message");
    if (body.at("/error/details") instanceof ObjectNode details
        && details.has("retryAfterSeconds")) {
      details.put("retryAfterSeconds", 1);
    }
    return body;
  }

  private static Map<String, List<String>> headers(Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers());
    headers.keySet().removeAll(OWN);
    return headers;
  }

  private Answer refused(ErrorCode code, String language) {
    Answer answer = provoke(code, language);
    assertRefused(answer, code.status(), code.name());
    return answer;
  }

  private Answer provoke(ErrorCode code, String language) {
    return switch (code) {
      case VALIDATION_ERROR -> join("{\"stageArn\":\"x\",\"attributes\":1}", language);
      case UNAUTHORIZED ->
          gateway.send(
              gateway.request("/api/stats").header("Accept-Language", language).GET().build());
      case FORBIDDEN ->
          gateway.send(asked("/api/stats", language).setHeader("X-API-Key", "join-key").build());
      case NOT_FOUND -> gateway.send(asked("/nope", language).GET().build());
      case METHOD_NOT_ALLOWED -> gateway.send(asked("/api/stats", language).DELETE().build());
      case PAYLOAD_TOO_LARGE -> join("{\"userId\":\"" + "x".repeat(70_000) + "\"}", language);
      case UNSUPPORTED_MEDIA_TYPE ->
          gateway.send(
              asked("/api/token/viewer", language)
                  .setHeader("Content-Type", "text/html")
                  .POST(BodyPublishers.ofString("{}"))
                  .build());
      case TOKEN_GENERATION_FAILED -> {
        ivs.answers(403, "AccessDeniedException", "{}");
        yield join("{\"userId\":\"u\"}", language);
      }
      case SERVICE_UNAVAILABLE -> {
        ivs.answers(429, "ThrottlingException", "{}");
        yield join("{\"userId\":\"u\"}", language);
      }
      case STAGE_FULL -> {
        view.empty();
        view.live();
        yield join("{\"userId\":\"u\"}", language);
      }
      case STAGE_LIMIT_REACHED ->
          commanded(
              "{\"code\":\"STAGE_LIMIT_REACHED\",\"refusal\":\"AT_MAX_STAGES\",\"about\":\"\","
                  + "\"message\":\"-\",\"details\":{\"reason\":\"MAX_STAGES\"}}",
              language);
      case INTERNAL_ERROR -> commanded("what no scaler writes", language);
      case TOO_MANY_REQUESTS -> throw new IllegalArgumentException("limits are off here");
    };
  }

  private Answer join(String body, String language) {
    return gateway.send(
        asked("/api/token/viewer", language).POST(BodyPublishers.ofString(body)).build());
  }

  /** Plays the scaler. */
  private Answer commanded(String scalersAnswer, String language) {
    view.call(c -> c.del(view.keys.scalerCommands()));
    CompletableFuture<Answer> answer =
        gateway.sendLater(
            asked("/api/stage", language)
                .POST(BodyPublishers.ofString("{\"name\":\"room\"}"))
                .build());
    String id =
        await()
            .until(
                () -> view.call(c -> c.xrange(view.keys.scalerCommands(), Range.unbounded())),
                entries -> !entries.isEmpty())
            .get(0)
            .getId();
    view.call(c -> c.set(view.keys.scalerAnswer(EntryId.parse(id)), scalersAnswer));
    return answer.join();
  }

  @Test
  void what_an_operator_says_to_those_outside_stays_as_it_is() {
    gateway.send(
        asked("/api/doors", "en")
            .PUT(BodyPublishers.ofString("{\"open\":false,\"message\":\"Bis gleich!\"}"))
            .build());

    assertThat(message(join("{\"userId\":\"u\"}", TAIWAN))).isEqualTo("Bis gleich!");
  }

  @Test
  void a_success_that_tells_people_something_tells_it_in_that_language() {
    Answer sources =
        gateway.send(
            chinese("/api/token/publisher-all?sources=true")
                .POST(BodyPublishers.ofString("{\"userId\":\"host\"}"))
                .build());
    Answer foreign =
        gateway.send(
            chinese("/api/events/ivs")
                .POST(BodyPublishers.ofString("{\"source\":\"aws.s3\",\"detail-type\":\"x\"}"))
                .build());

    assertThat(sources.data().path("failures")).isNotEmpty();
    assertThat(sources.data().at("/failures/0/reason").asText()).containsPattern(CHINESE);
    assertThat(foreign.data().path("ignored").asText()).containsPattern(CHINESE);
  }

  @Test
  void a_success_tells_a_person_how_to_go_on_in_that_language() {
    Answer answer =
        gateway.send(
            chinese("/api/token/publisher")
                .POST(BodyPublishers.ofString("{\"userId\":\"host\"}"))
                .build());

    assertThat(answer.header("content-language")).isEqualTo("zh-Hant");
    assertThat(answer.data().at("/instructions/obs").asText()).contains("串流", "WHIP");
    assertThat(answer.data().at("/instructions/web").asText()).containsPattern(CHINESE);
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
