package io.fullhouse.gateway.ivs;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.StubIvs;
import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.CallBudget.Grant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A later token is for whoever has one already: it costs only what nobody else wants. */
final class BudgetedTokensTest {
  private static final Wish WISH =
      new Wish(
          new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456"),
          new UserId("alice"),
          Set.of(Capability.SUBSCRIBE),
          Duration.ofHours(12),
          Map.of(),
          Optional.empty());

  private final StubIvs ivs = new StubIvs();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean full = true;
  private final BudgetedTokens tokens = tokens();

  private BudgetedTokens tokens() {
    System.setProperty("aws.endpointUrlIvsRealTime", ivs.uri().toString());
    try {
      return new BudgetedTokens(
          patience -> {
            asked.incrementAndGet();
            return CompletableFuture.completedStage(
                new Grant(full || !patience.isZero(), Duration.ofMillis(full ? 0 : 20)));
          },
          new IvsParticipantTokens(
              IvsClients.create("us-east-1", IvsClients.developmentCredentials()),
              new IvsUserIds(
                  IvsUserIds.Mode.NONE,
                  new BroadcastId("main"),
                  () -> SeatSecrets.parse("k:0123456789")),
              new MetricRegistry()));
    } finally {
      System.clearProperty("aws.endpointUrlIvsRealTime");
    }
  }

  @AfterEach
  void close() {
    tokens.close();
    ivs.close();
  }

  private Optional<Token> refresh() {
    return tokens.refresh(WISH).toCompletableFuture().join();
  }

  @Test
  void a_refresh_takes_what_the_budget_gives_at_once() {
    assertThat(refresh()).isPresent();
    assertThat(ivs.calls()).hasSize(1);
  }

  @Test
  void a_spent_budget_refreshes_nobody_and_is_not_asked_at_every_heartbeat() {
    full = false;

    assertThat(refresh()).isEmpty();
    assertThat(refresh()).isEmpty();

    assertThat(asked).hasValue(1);
    assertThat(ivs.calls()).isEmpty();
    assertThat(tokens.create(WISH).toCompletableFuture().join()).isNotNull();
  }

  @Test
  void a_refresh_that_ivs_refuses_is_none() {
    ivs.answers(403, "AccessDeniedException", "{}");

    assertThat(refresh()).isEmpty();
  }
}
