package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.scaler.SteppedScaler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A house whose scaler acts whenever an operator waits for it, and else only as the test says. */
final class OperatedHouse implements AutoCloseable {
  final GatewayHouse house = new GatewayHouse(Map.of("stageCapacity", "" + GatewayHouse.CAPACITY));
  final SteppedScaler scaler;
  private SteppedScaler acting;

  OperatedHouse() {
    this(UnaryOperator.identity());
  }

  /**
   * @param settings of a scaler that is told more
   */
  OperatedHouse(UnaryOperator<SteppedScaler.Site> settings) {
    scaler = new SteppedScaler("scaler-1", settings.apply(house.site()), house.time, point -> {});
    acting = scaler;
  }

  /** From now on another one does what is asked for; the test closes it. */
  void takeOver(SteppedScaler another) {
    acting = another;
  }

  /** The scaler acts, and has made its first pass. */
  void begin() throws InterruptedException {
    await(house.redis.commands().del(house.keys.scalerLease()));
    scaler.step();
  }

  /** The scaler does what it is asked for while the gateway waits. */
  Answer asked(String method, String path, String json) {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> house.send(method, path, json));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              acting.step();
              return answer.isDone();
            });
    return answer.join();
  }

  @Override
  public void close() {
    scaler.close();
    house.close();
  }
}
