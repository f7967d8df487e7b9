package io.fullhouse.gateway.ivs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.StubIvs;
import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.ivs.IvsUserIds.Mode;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real SDK against the wire. */
final class IvsParticipantTokensTest {
  private final StubIvs ivs = new StubIvs();
  private final AtomicInteger throttled = new AtomicInteger();
  private final IvsParticipantTokens tokens = tokens();

  private IvsParticipantTokens tokens() {
    System.setProperty("aws.endpointUrlIvsRealTime", ivs.uri().toString());
    try {
      return new IvsParticipantTokens(
          IvsClients.create(
              "us-east-1", IvsClients.developmentCredentials(), throttled::incrementAndGet),
          userIds(Mode.NONE),
          new MetricRegistry());
    } finally {
      System.clearProperty("aws.endpointUrlIvsRealTime");
    }
  }

  private static IvsUserIds userIds(Mode mode) {
    return new IvsUserIds(mode, new BroadcastId("main"), () -> SeatSecrets.parse("k:0123456789"));
  }

  @AfterEach
  void close() {
    tokens.close();
    ivs.close();
  }

  private static Wish wish(int user) {
    return new Wish(
        new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456"),
        new UserId("user-" + user),
        Set.of(Capability.PUBLISH),
        Duration.ofDays(14),
        Map.of(),
        Optional.empty());
  }

  @Test
  void a_token_is_asked_for_in_whole_minutes_and_its_text_is_never_shown() {
    Token token = tokens.create(wish(1)).toCompletableFuture().join();

    assertThat(token.text()).isEqualTo("token-1");
    assertThat(token.participant().value()).isEqualTo("p1");
    assertThat(token).asString().doesNotContain("token-1");
    assertThat(ivs.calls().get(0).path("duration").asInt()).isEqualTo(20_160);
    assertThat(ivs.calls().get(0).path("capabilities").toString()).isEqualTo("[\"PUBLISH\"]");
    assertThat(ivs.calls().get(0).has("userId")).isFalse();
  }

  @Test
  void when_ivs_is_slower_than_the_callers_the_last_ones_are_told_to_come_back() {
    ivs.waits();
    List<CompletableFuture<Token>> crowd =
        IntStream.range(0, 133)
            .mapToObj(i -> tokens.create(wish(i)).toCompletableFuture())
            .toList();

    await().until(() -> ivs.calls().size() == 32);
    assertThat(crowd.get(132))
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ApiException.class)
        .withMessageContaining("More tokens are wanted");
    ivs.goesOn();
    assertThat(crowd.subList(0, 132)).allSatisfy(token -> assertThat(token.join()).isNotNull());
  }

  @Test
  void each_attempt_that_ivs_throttles_is_told_of() {
    ivs.answers(429, "ThrottlingException", "{}");

    assertThat(tokens.create(wish(1)).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("More tokens are wanted");
    assertThat(throttled).hasValue(2);
    assertThat(ivs.calls()).hasSize(2);
  }

  @Test
  void a_user_is_shown_under_a_name_that_is_stable_in_a_broadcast_and_different_in_another() {
    IvsUserIds main = userIds(Mode.PSEUDONYM);
    IvsUserIds other =
        new IvsUserIds(
            Mode.PSEUDONYM, new BroadcastId("other"), () -> SeatSecrets.parse("k:0123456789"));
    UserId user = new UserId("alice");

    assertThat(main.of(user))
        .isEqualTo(userIds(Mode.PSEUDONYM).of(user))
        .isNotEqualTo(other.of(user));
    assertThat(userIds(Mode.PLAIN).of(user)).hasValue("alice");
    assertThat(userIds(Mode.NONE).of(user)).isEmpty();
  }
}
