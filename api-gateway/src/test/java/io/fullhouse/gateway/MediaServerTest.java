package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens for media servers, which show a secret of their own. */
@ExtendWith(GatewayExtension.class)
final class MediaServerTest {
  private static final String BODY = "{\"serverId\":\"mixer-1\",\"stageArn\":\"" + MASTER + "\"}";

  private final RunningGateway gateway;
  private final RedisView view;
  private final StubIvs ivs;

  MediaServerTest(RunningGateway gateway, RedisView view, StubIvs ivs) {
    this.gateway = gateway;
    this.view = view;
    this.ivs = ivs;
  }

  private Answer ask(@Nullable String secret, String body) {
    HttpRequest.Builder request =
        gateway
            .request("/api/token/mediaserver")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return gateway.send(
        secret == null ? request.build() : request.header("x-internal-secret", secret).build());
  }

  @Test
  void a_media_server_publishes_and_subscribes_and_is_no_viewer() {
    Answer answer = ask(RunningGateway.INTERNAL_SECRET, BODY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.data().fieldNames())
        .toIterable()
        .containsExactly("token", "participantId", "stageArn", "capabilities", "expiresAt");
    assertThat(answer.data().path("capabilities").toString())
        .isEqualTo("[\"PUBLISH\",\"SUBSCRIBE\"]");
    assertThat(ivs.calls()).hasSize(1);
    assertThat(ivs.calls().get(0).path("capabilities").toString())
        .isEqualTo("[\"PUBLISH\",\"SUBSCRIBE\"]");
    assertThat(view.entries()).isEmpty();
    assertThat(view.taken(MASTER)).isZero();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "wrong", RunningGateway.KEY, RunningGateway.INTERNAL_SECRET + "x"})
  void without_the_secret_nobody_gets_in_whatever_the_body_says(@Nullable String secret) {
    assertRefused(ask(secret, BODY), 403, "FORBIDDEN");
    assertRefused(ask(secret, "{"), 403, "FORBIDDEN");
    assertThat(ivs.calls()).isEmpty();
  }

  @Test
  void what_is_missing_or_unknown_is_said() {
    Answer missing = ask(RunningGateway.INTERNAL_SECRET, "{}");
    assertRefused(missing, 400, "VALIDATION_ERROR");
    assertThat(missing.body().at("/error/details/missingFields").toString())
        .isEqualTo("[\"serverId\",\"stageArn\"]");
    assertRefused(
        ask(
            RunningGateway.INTERNAL_SECRET,
            BODY.replace(MASTER, "arn:aws:ivs:us-east-1:123456789012:stage/other")),
        404,
        "NOT_FOUND");
    assertThat(ivs.calls()).isEmpty();
  }
}
