package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two broadcasts of one account, which gives ten tokens a second to both together. */
final class TokenBudgetTest {
  private static final String OTHER_PREFIX = "ivs:other:";

  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private final StubIvs ivs = new StubIvs();
  private final RedisView view = new RedisView(redis.uri());
  private final RunningGateway main = start("ivs:prod:");
  private final RunningGateway other = start(OTHER_PREFIX);

  private RunningGateway start(String prefix) {
    return RunningGateway.start(
        redis.uri(),
        ivs,
        Map.of(
            "broadcast.keyPrefix",
            prefix,
            "account.tokensPerSecond",
            "10",
            "stageCapacity",
            "100"));
  }

  @AfterEach
  void close() {
    other.close(); // the last one started first: its settings go before the other's
    main.close();
    ivs.close();
    view.close();
    redis.close();
  }

  @Test
  void a_crowd_waits_its_turn_and_the_rest_are_told_to_come_back() {
    view.open(MASTER);
    view.live();
    view.call(c -> c.zadd(OTHER_PREFIX + "stages", 0, MASTER));
    view.call(c -> c.set(OTHER_PREFIX + "publisher:status", "live"));
    await().until(() -> main.get("/health/ready").status() == 200);
    await().until(() -> other.get("/health/ready").status() == 200);

    long start = System.nanoTime();
    List<CompletableFuture<Answer>> crowd =
        IntStream.range(0, 60)
            .boxed()
            .flatMap(i -> Stream.of(join(main, "m" + i), join(other, "o" + i)))
            .toList();
    List<Answer> answers = crowd.stream().map(CompletableFuture::join).toList();
    double seconds = (System.nanoTime() - start) / 1e9;

    List<Answer> seated = answers.stream().filter(answer -> answer.status() == 200).toList();
    assertThat(seated).hasSizeBetween(15, (int) (5 + 10 * (seconds + 1.5)));
    assertThat(ivs.calls()).hasSize(seated.size());
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .allSatisfy(
            answer -> {
              assertRefused(answer, 503, "SERVICE_UNAVAILABLE");
              assertThat(answer.reason()).isEqualTo("TOKEN_BUDGET");
            });
    double taken = view.taken(MASTER) + view.call(c -> c.zscore(OTHER_PREFIX + "stages", MASTER));
    assertThat(taken).isEqualTo(seated.size());
    await().atMost(Duration.ofSeconds(15)).until(() -> join(main, "m99").join().status() == 200);
  }

  private static CompletableFuture<Answer> join(RunningGateway gateway, String user) {
    return gateway.postLater("/api/token/viewer", "{\"userId\":\"" + user + "\"}");
  }
}
