package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What IVS throttles costs the account's budget, so that every gateway pauses. */
final class TokenThrottledTest {
  private static final String BUDGET =
      AccountKeys.of("ivs:account:", new StageArn(MASTER)).tokenBudget();

  /** One token a second: the join costs one, each of the SDK's two attempts another. */
  @Test
  void each_throttled_attempt_is_taken_out_of_the_budget() {
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
        RedisView view = new RedisView(redis.uri());
        StubIvs ivs = new StubIvs();
        RunningGateway gateway =
            RunningGateway.start(redis.uri(), ivs, Map.of("account.tokensPerSecond", "1"))) {
      view.open(MASTER);
      view.live();
      await().until(() -> gateway.get("/health/ready").status() == 200);
      ivs.answers(429, "ThrottlingException", "{}");
      List<String> time = view.call(c -> c.time());
      long before = Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));

      CompletableFuture<Answer> asked =
          gateway.postLater("/api/token/viewer", "{\"userId\":\"ben\"}");

      // Full again three seconds on, not one. The key goes when it is, so it is watched meanwhile.
      await()
          .untilAsserted(
              () -> {
                String fullAt = view.call(c -> c.get(BUDGET));
                assertThat(fullAt).isNotNull();
                assertThat(Long.parseLong(fullAt) - before).isGreaterThan(2_500_000); // µs
              });
      Answer refused = asked.join();
      assertRefused(refused, 503, "SERVICE_UNAVAILABLE");
      assertThat(refused.reason()).isEqualTo("TOKEN_BUDGET");
    }
  }
}
