package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seats taken over HTTP; nothing is folded here. */
@ExtendWith(GatewayExtension.class)
final class JoinTest {
  private static final String SECOND = "arn:aws:ivs:us-east-1:123456789012:stage/second";

  private final RunningGateway gateway;
  private final RedisView view;
  private final StubIvs ivs;

  JoinTest(RunningGateway gateway, RedisView view, StubIvs ivs) {
    this.gateway = gateway;
    this.view = view;
    this.ivs = ivs;
  }

  @Test
  void a_join_answers_token_and_seat_and_is_in_the_log() {
    Answer answer = join("u1");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode data = answer.data();
    assertThat(data.path("token").asText()).startsWith("token-");
    assertThat(data.path("userId").asText()).isEqualTo("u1");
    assertThat(data.path("stageArn").asText()).isEqualTo(MASTER);
    assertThat(data.path("capabilities").toString()).isEqualTo("[\"SUBSCRIBE\"]");
    assertThat(data.path("expiresIn").asLong()).isBetween(43_100L, 43_200L);
    assertThat(data.path("currentViewers").asLong()).isEqualTo(1);
    assertThat(data.path("isNewViewer").asBoolean()).isTrue();
    assertThat(data.path("seat").asText()).startsWith("v1.k1.");
    assertThat(data.path("heartbeatInterval").asLong()).isEqualTo(20);
    assertThat(data.at("/next/action").asText()).isEqualTo("continue");
    assertThat(view.entries())
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry)
                    .containsEntry("t", "join")
                    .containsEntry("s", MASTER)
                    .containsEntry("u", "u1")
                    .containsEntry("p", data.path("participantId").asText())
                    .containsEntry("why", "join"));
    assertThat(view.taken(MASTER)).isEqualTo(1);
  }

  @Test
  void ivs_is_asked_for_a_subscriber_whose_name_others_cannot_read() {
    gateway.post(
        "/api/token/viewer",
        "{\"userId\":\"alice@example.org\",\"attributes\":{\"team\":\"red\"}}");
    join("alice@example.org");

    assertThat(ivs.calls()).hasSize(2);
    JsonNode call = ivs.calls().get(0);
    assertThat(call.path("stageArn").asText()).isEqualTo(MASTER);
    assertThat(call.path("duration").asInt()).isEqualTo(720);
    assertThat(call.path("capabilities").toString()).isEqualTo("[\"SUBSCRIBE\"]");
    assertThat(call.at("/attributes/team").asText()).isEqualTo("red");
    assertThat(call.path("userId").asText()).matches("[A-Za-z0-9_-]{22}");
    assertThat(ivs.calls().get(1).path("userId")).isEqualTo(call.path("userId"));
  }

  @Test
  void two_hundred_joins_against_fifty_seats_make_fifty_tokens() {
    List<Answer> answers = all(IntStream.range(0, 200).mapToObj(i -> joinLater("user-" + i)));

    assertThat(statuses(answers)).containsOnlyKeys(200, 503);
    assertThat(statuses(answers)).containsEntry(200, 50L).containsEntry(503, 150L);
    assertThat(answers)
        .filteredOn(answer -> answer.status() == 503)
        .allSatisfy(
            answer -> {
              assertRefused(answer, 503, "STAGE_FULL");
              assertThat(answer.reason()).isEqualTo("OPENING");
              assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(2, 5);
            });
    assertThat(ivs.calls()).hasSize(50);
    assertThat(view.taken(MASTER)).isEqualTo(50);
  }

  @Test
  void twenty_joins_of_one_user_take_one_seat() {
    List<Answer> answers = all(IntStream.range(0, 20).mapToObj(i -> joinLater("same")));

    assertThat(statuses(answers)).containsOnlyKeys(200);
    assertThat(answers)
        .filteredOn(answer -> answer.data().path("isNewViewer").asBoolean())
        .hasSize(1);
    assertThat(view.taken(MASTER)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400,ValidationException,502,TOKEN_GENERATION_FAILED",
    "402,ServiceQuotaExceededException,502,TOKEN_GENERATION_FAILED",
    "403,AccessDeniedException,502,TOKEN_GENERATION_FAILED",
    "403,PendingVerification,502,TOKEN_GENERATION_FAILED",
    "404,ResourceNotFoundException,502,TOKEN_GENERATION_FAILED",
    "500,InternalServerException,502,TOKEN_GENERATION_FAILED",
    "429,ThrottlingException,503,SERVICE_UNAVAILABLE",
    "400,ThrottlingException,503,SERVICE_UNAVAILABLE",
  })
  void a_token_that_ivs_refuses_gives_back_its_seat_and_no_other(
      int status, String type, int told, String code) {
    view.call(c -> c.hset("ivs:prod:viewer:reserved", "waiting", "9999999999999|n|" + MASTER));
    view.call(c -> c.zincrby("ivs:prod:stages", 1, MASTER));
    ivs.answers(status, type, "{\"exceptionMessage\":\"arn:aws:iam::1:role/secret says no\"}");

    Answer answer = join("u1");

    assertRefused(answer, told, code);
    assertThat(answer.body().toString()).doesNotContain("secret");
    assertThat(view.taken(MASTER)).isEqualTo(1);
    assertThat(view.reservedFor()).containsExactly("waiting");
    assertThat(view.entries()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"participantToken\":{}}",
        "{\"participantToken\":{\"token\":\"t\"}}",
        "{\"participantToken\":{\"token\":\"t\",\"participantId\":\"not an id\"}}",
        "<html>",
        "{\"participantToken\":{\"token\":\"t\",\"participantId\":\"p\",\"expirationTime\":\"x\"}}",
      })
  void an_answer_of_ivs_that_is_none_costs_itself_only(String body) {
    ivs.answers(200, "", body);
    assertRefused(join("u1"), 502, "TOKEN_GENERATION_FAILED");

    ivs.givesTokens();
    assertThat(join("u2").status()).isEqualTo(200);
    assertThat(view.taken(MASTER)).isEqualTo(1);
  }

  @Test
  void a_hold_that_lapsed_and_was_taken_is_told_as_full() {
    ivs.waits();
    CompletableFuture<Answer> slow = joinLater("slow");
    await().until(() -> ivs.calls().size() == 1);
    // The sweep takes the hold back, and others fill the stage.
    view.call(c -> c.del("ivs:prod:viewer:reserved"));
    view.call(c -> c.zadd("ivs:prod:stages", 50, MASTER));
    ivs.goesOn();

    assertRefused(slow.join(), 503, "STAGE_FULL");
    assertThat(view.taken(MASTER)).isEqualTo(50);
  }

  @Test
  void nobody_joins_while_nobody_publishes() {
    view.call(c -> c.set("ivs:prod:publisher:status", "offline"));

    Answer answer = join("u1");

    assertRefused(answer, 404, "NOT_FOUND");
    assertThat(answer.reason()).isEqualTo("PUBLISHER_OFFLINE");
    assertThat(answer.header("retry-after")).matches("[0-9]+");
    assertThat(ivs.calls()).isEmpty();
  }

  @Test
  void while_no_stage_is_registered_the_house_recovers() {
    view.call(c -> c.del("ivs:prod:stages"));

    Answer answer = join("u1");

    assertRefused(answer, 503, "STAGE_FULL");
    assertThat(answer.reason()).isEqualTo("RECOVERING");
  }

  @Test
  void the_stage_asked_for_is_taken_when_it_has_a_seat_and_the_emptiest_otherwise() {
    view.open(SECOND);
    view.call(c -> c.zadd("ivs:prod:stages", 5, MASTER));
    assertThat(joinAt("u1", MASTER).data().path("stageArn").asText()).isEqualTo(MASTER);

    view.call(c -> c.zadd("ivs:prod:stages", 50, MASTER));
    assertThat(joinAt("u2", MASTER).data().path("stageArn").asText()).isEqualTo(SECOND);
    assertThat(join("u3").data().path("stageArn").asText()).isEqualTo(SECOND);
  }

  @Test
  void who_comes_back_before_its_join_and_leave_are_folded_joins_behind_them() {
    String seat = join("u1").data().path("seat").asText();
    gateway.postSeat("/api/viewer/leave", seat);
    assertThat(gateway.postSeat("/api/viewer/rejoin", seat).status()).isEqualTo(200);

    assertThat(view.entries())
        .extracting(entry -> entry.get("t"))
        .containsExactly("join", "leave", "join");
    assertThat(view.taken(RunningGateway.MASTER)).isEqualTo(1);
  }

  private Answer joinAt(String user, String stage) {
    return gateway.post(
        "/api/token/viewer", "{\"userId\":\"%s\",\"stageArn\":\"%s\"}".formatted(user, stage));
  }

  private Answer join(String user) {
    return gateway.post("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  private CompletableFuture<Answer> joinLater(String user) {
    return gateway.postLater("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }

  private static List<Answer> all(Stream<CompletableFuture<Answer>> calls) {
    List<CompletableFuture<Answer>> under = new ArrayList<>(calls.toList());
    return under.stream().map(CompletableFuture::join).toList();
  }

  private static Map<Integer, Long> statuses(List<Answer> answers) {
    return answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
  }
}
