package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;

class ErrorsTest {
  private static final String UNKNOWN =
      "{\"arn\":\"arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456\"}";

  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ValidationException, 400, ValidationException",
    "ServiceQuotaExceededException, 402, ServiceQuotaExceededException",
    "AccessDeniedException, 403, AccessDeniedException",
    "PendingVerification, 403, PendingVerificationException",
    "ResourceNotFoundException, 404, ResourceNotFoundException",
    "ConflictException, 409, ConflictException",
    "SomethingNew, 418, IvsRealTimeException",
    "ServiceUnavailableException, 503, IvsRealTimeException",
  })
  void an_error_reaches_the_client_as_its_typed_exception(
      String type, int status, String exception) {
    sim.steer(
        "POST",
        "/faults",
        "{\"op\":\"UpdateStage\",\"kind\":\"error\",\"type\":\"%s\",\"status\":%d}"
            .formatted(type, status));
    IvsRealTimeException e =
        catchThrowableOfType(
            IvsRealTimeException.class, () -> sim.ivs().updateStage(r -> r.arn("x")));
    assertThat(e.getClass().getSimpleName()).isEqualTo(exception);
    assertThat(e.statusCode()).isEqualTo(status);
    assertThat(e.awsErrorDetails().errorCode()).isEqualTo(type);
    assertThat(e.requestId()).matches("[0-9a-f-]{36}");
  }

  @ParameterizedTest
  @CsvSource({
    "402, ServiceQuotaExceededException",
    "404, ResourceNotFoundException",
    "409, ConflictException",
    "429, ThrottlingException",
    "500, InternalServerException",
  })
  void a_status_alone_gets_its_usual_type(int status, String type) {
    sim.steer(
        "POST",
        "/faults",
        "{\"op\":\"GetStage\",\"kind\":\"error\",\"status\":%d}".formatted(status));
    HttpResponse<String> answer = sim.http("POST", "/GetStage", "{}");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(type);
  }

  @Test
  void the_text_is_only_in_exception_message_as_with_the_real_service() {
    HttpResponse<String> answer = sim.http("POST", "/GetStage", UNKNOWN);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.headers().firstValue("x-amzn-errortype"))
        .contains("ResourceNotFoundException");
    assertThat(answer.headers().firstValue("x-amzn-requestid")).isPresent();
    assertThat(TestSimulator.json(answer).size()).isEqualTo(1);
    assertThat(TestSimulator.json(answer).get("exceptionMessage").asText()).contains("not found");
  }

  @Test
  void the_text_can_be_put_into_message_too() {
    try (TestSimulator kind = new TestSimulator(SimulatorOptions::withMessageInErrors)) {
      assertThatThrownBy(
              () -> kind.ivs().getStage(r -> r.arn(kind.simulator().stageArn("None00000000"))))
          .isInstanceOf(ResourceNotFoundException.class)
          .hasMessageContaining("None00000000 not found");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /NoSuchOperation",
    "POST, /createstage",
    "POST, /CreateStage/",
    "GET, /CreateStage",
    "POST, /PutEvents",
    "POST, /TagResource",
    "PUT, /tags/x",
    "POST, /",
  })
  void what_is_no_operation_is_404(String method, String path) {
    HttpResponse<String> answer = sim.http(method, path, "{}");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("Unknown operation");
  }

  @Test
  void an_operation_not_simulated_is_a_clear_4xx() {
    assertThatThrownBy(() -> sim.ivs().listCompositions(r -> {}))
        .isInstanceOfSatisfying(
            IvsRealTimeException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(404);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnknownOperationException");
              assertThat(e.getMessage()).contains("ListCompositions");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":",
        "[]",
        "{} {}",
        "{\"name\":5}",
        "{\"tags\":[]}",
        "{\"tags\":{\"a\":1}}",
        "{\"participantTokenConfigurations\":{}}",
        "{\"participantTokenConfigurations\":[1]}",
        "{\"participantTokenConfigurations\":[{\"duration\":\"60\"}]}",
        "{\"participantTokenConfigurations\":[{\"duration\":1.5}]}",
      })
  void json_of_the_wrong_shape_is_400(String body) {
    HttpResponse<String> answer = sim.http("POST", "/CreateStage", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-errortype")).contains("SerializationException");
    assertThat(sim.stageCount()).isZero();
  }

  @Test
  void null_counts_as_absent_and_unknown_members_are_passed_over() {
    assertThat(sim.http("POST", "/CreateStage", "").statusCode()).isEqualTo(200);
    assertThat(
            sim.http("POST", "/CreateStage", "{\"name\":null,\"tags\":null,\"other\":[1]}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_body_over_two_megabytes_is_413() {
    assertThat(sim.http("POST", "/CreateStage", " ".repeat(2 * 1024 * 1024 + 1)).statusCode())
        .isEqualTo(413);
  }
}
