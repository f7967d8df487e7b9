package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.scaler.StageFleet.Lookup;
import io.fullhouse.testing.MutableTime;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The real SDK against prepared answers, whose shapes are AWS's. */
final class IvsStageFleetTest {
  private final StubIvs ivs = new StubIvs();
  private final StageFleet fleet = fleet(ivs.uri());

  private static StageFleet fleet(URI endpoint) {
    return fleet(endpoint, Optional::empty);
  }

  private static StageFleet fleet(URI endpoint, Supplier<Optional<String>> gate) {
    return new IvsStageFleet(
        IvsCalls.create(
            Region.US_EAST_1,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
            endpoint,
            gate),
        MutableTime.at(Loads.NOW));
  }

  @AfterEach
  void close() {
    fleet.close();
    ivs.close();
  }

  @Test
  void finds_the_name_and_the_endpoints() {
    ivs.answers(
        200,
        "",
        "{\"stage\":{\"arn\":\"%s\",\"name\":\"main-show\",\"activeSessionId\":\"\",\"endpoints\":"
                .formatted(MASTER)
            + "{\"events\":\"wss://events.example\",\"whip\":\"https://whip.example\"}}}");

    assertThat(fleet.find(MASTER))
        .isEqualTo(
            new Lookup.Found(
                "main-show",
                Optional.of(
                    new Endpoints("wss://events.example", "https://whip.example", Loads.NOW))));
    assertThat(ivs.calls()).containsExactly("/GetStage {\"arn\":\"" + MASTER + "\"}");
  }

  @Test
  void a_stage_may_have_neither_name_nor_endpoints() {
    ivs.answers(200, "", "{\"stage\":{\"arn\":\"" + MASTER + "\"}}");

    assertThat(fleet.find(MASTER)).isEqualTo(new Lookup.Found("", Optional.empty()));
  }

  @Test
  void an_answer_without_a_stage_says_nothing_about_it() {
    ivs.answers(200, "", "{}");

    assertThat(fleet.find(MASTER)).isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  void knows_a_stage_that_is_not_there_and_gives_the_reason_of_ivs() {
    ivs.answers(404, "ResourceNotFoundException", "{\"exceptionMessage\":\"no\\nsuch stage\"}");

    assertThat(fleet.find(MASTER))
        .isEqualTo(new Lookup.Missing("ResourceNotFoundException (status 404): no such stage"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, ValidationException",
    "403, AccessDeniedException",
    "403, PendingVerification",
    "404, SomethingElse",
    "429, ThrottlingException",
    "500, InternalServerException",
    "503, ServiceUnavailable"
  })
  void every_other_refusal_says_nothing_about_the_stage(int status, String type) {
    ivs.answers(status, type, "{\"exceptionMessage\":\"because\",\"message\":\"because\"}");

    assertThat(fleet.find(MASTER))
        .isEqualTo(new Lookup.Unavailable("%s (status %d): because".formatted(type, status)));
  }

  @Test
  void an_answer_that_is_not_json_says_nothing_about_the_stage() {
    ivs.answers(200, "", "<html>");

    assertThat(fleet.find(MASTER)).isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  @Timeout(20)
  void an_ivs_that_never_answers_is_given_up() {
    ivs.hangs();
    long start = System.nanoTime();

    assertThat(fleet.find(MASTER)).isInstanceOf(Lookup.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void an_ivs_that_is_not_there_is_given_up() {
    StubIvs gone = new StubIvs();
    gone.close();
    try (StageFleet other = fleet(gone.uri())) {
      assertThat(other.find(MASTER)).isInstanceOf(Lookup.Unavailable.class);
    }
  }

  @Test
  void a_new_stage_is_asked_for_once_whatever_happens() {
    ivs.answers(500, "InternalServerException", "{\"exceptionMessage\":\"perhaps\"}");
    assertThat(fleet.create("n", Map.of("a", "b"))).isInstanceOf(IvsAnswer.Unclear.class);
    assertThat(ivs.calls()).containsExactly("/CreateStage {\"name\":\"n\",\"tags\":{\"a\":\"b\"}}");

    ivs.answers(200, "", "{}");
    assertThat(fleet.create("n", Map.of())).isInstanceOf(IvsAnswer.Unclear.class);
    assertThat(ivs.calls()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "402, ServiceQuotaExceededException, QUOTA",
    "403, PendingVerification, OTHER",
    "404, ResourceNotFoundException, NOT_FOUND",
    "409, ConflictException, CONFLICT"
  })
  void tells_refusals_apart(int status, String type, IvsAnswer.Kind kind) {
    ivs.answers(status, type, "{\"exceptionMessage\":\"because\"}");

    IvsAnswer<Boolean> answer = fleet.replicate(MASTER, new ParticipantId("p"), Loads.arn(1));

    assertThat(answer.is(kind)).isTrue();
    assertThat(answer.reason()).isEqualTo("%s (status %d): because".formatted(type, status));
  }

  @Test
  void a_list_of_which_a_page_is_missing_is_no_list() {
    ivs.answers(400, "ValidationException", "{\"exceptionMessage\":\"because\"}");

    assertThat(fleet.list()).isInstanceOf(IvsAnswer.Unclear.class);
  }

  @Test
  void nothing_is_asked_while_the_gate_is_closed() {
    try (StageFleet closed = fleet(ivs.uri(), () -> Optional.of("another scaler acts"))) {
      assertThat(closed.delete(MASTER)).isEqualTo(new IvsAnswer.Unclear<>("another scaler acts"));
    }
    assertThat(ivs.calls()).isEmpty();
  }
}
