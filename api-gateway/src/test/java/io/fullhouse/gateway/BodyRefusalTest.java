package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are wrong, too large or of another type. */
@ExtendWith(GatewayExtension.class)
final class BodyRefusalTest {
  private final RunningGateway gateway;
  private final RedisView view;
  private final StubIvs ivs;

  BodyRefusalTest(RunningGateway gateway, RedisView view, StubIvs ivs) {
    this.gateway = gateway;
    this.view = view;
    this.ivs = ivs;
  }

  @ParameterizedTest
  @CsvSource({
    "/api/token/viewer,text/plain",
    "/api/token/viewer,application/x-www-form-urlencoded",
    "/api/token/publisher,text/plain",
    "/api/token/viewer,application/json; charset=latin1",
    "/api/viewer/heartbeat,application/xml",
    "/api/viewer/leave,multipart/form-data",
  })
  void a_body_of_another_type_is_refused(String path, String type) {
    HttpRequest request =
        gateway
            .request(path)
            .header("X-API-Key", RunningGateway.KEY)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString("{\"userId\":\"u\"}"))
            .build();

    assertRefused(gateway.send(request), 415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/token/viewer",
        "/api/token/publisher",
        "/api/viewer/heartbeat",
        "/api/viewer/leave",
        "/api/viewer/rejoin"
      })
  void a_body_of_a_megabyte_is_refused_whether_it_says_its_length_or_not(String path) {
    byte[] body = ("{\"userId\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(UTF_8);
    HttpRequest.Builder request =
        gateway
            .request(path)
            .header("X-API-Key", RunningGateway.KEY)
            .header("Content-Type", "application/json");

    assertRefused(
        gateway.send(request.POST(BodyPublishers.ofByteArray(body)).build()),
        413,
        "PAYLOAD_TOO_LARGE");
    assertRefused(
        gateway.send(
            request
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build()),
        413,
        "PAYLOAD_TOO_LARGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/token/viewer",
        "/api/token/publisher",
        "/api/viewer/heartbeat",
        "/api/viewer/leave",
        "/api/viewer/rejoin"
      })
  void bad_bodies_are_400_and_leave_no_key_behind(String path) {
    String arn = "\"stageArn\":\"" + RunningGateway.MASTER + "\",\"participantId\":\"p\"";
    for (String body :
        List.of(
            "{",
            "[]",
            "{}",
            "{\"userId\":null," + arn + "}",
            "{\"userId\":7," + arn + "}",
            "{\"userId\":\"\"," + arn + "}",
            "{\"userId\":\"" + "x".repeat(129) + "\"," + arn + "}",
            "{\"userId\":\"" + "é".repeat(65) + "\"," + arn + "}",
            "{\"userId\":\"a\\u0001\"," + arn + "}",
            "{\"userId\":\"a\",\"userId\":\"a\"," + arn + "}",
            "{\"userId\":{\"$gt\":\"\"}," + arn + "}")) {
      Answer answer = gateway.post(path, body);

      assertRefused(answer, 400, "VALIDATION_ERROR");
      assertThat(answer.body().at("/error/details/invalidFields").isArray()).isTrue();
      assertThat(answer.body().at("/error/details/missingFields").isArray()).isTrue();
    }
    assertThat(view.everyKey())
        .isSubsetOf(view.keys.events(), view.keys.stages(), view.keys.publisherStatus());
    assertThat(ivs.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"arn:aws:s3:::x", "arn:aws:ivs:us-east-1:123456789012:channel/abc", "", "x"})
  void what_is_no_stage_arn_is_invalid(String arn) {
    for (String path : List.of("/api/token/viewer", "/api/viewer/heartbeat", "/api/viewer/leave")) {
      assertRefused(
          gateway.post(path, "{\"userId\":\"u\",\"stageArn\":\"" + arn + "\"}"),
          400,
          "VALIDATION_ERROR");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/token/viewer",
        "/api/viewer/heartbeat",
        "/api/viewer/leave",
        "/api/viewer/rejoin"
      })
  void a_stage_that_nobody_registered_is_unknown_and_nothing_is_written(String path) {
    Answer answer =
        gateway.post(
            path,
            """
            {"userId":"u","stageArn":"arn:aws:ivs:us-east-1:123456789012:stage/other",
             "participantId":"p"}""");

    assertRefused(answer, 404, "NOT_FOUND");
    assertThat(view.entries()).isEmpty();
    assertThat(ivs.calls()).isEmpty();
  }
}
