package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Range;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class TickerTest {
  private final Redis redis;
  private final RedisKeys keys;
  private final GatewayRedis connected;
  private Optional<URI> listener = Optional.empty();

  TickerTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.connected = new GatewayRedis(redis, keys);
  }

  @BeforeEach
  void connect() {
    connected.start();
    await()
        .until(
            () ->
                RedisAnswer.await(connected.call(c -> c.ping()).exceptionally(e -> ""))
                    .equals("PONG"));
  }

  private Ticker ticker() {
    return new Ticker(
        new EventLog(connected), () -> listener, new GatewayMetrics(new MetricRegistry()));
  }

  @Test
  void a_gateway_that_listens_ticks_and_says_bye() throws Exception {
    try (StubIvs answering = new StubIvs()) {
      answering.answers(200, "", "{}");
      listener = Optional.of(answering.uri());
      Ticker ticker = ticker();

      assertThat(ticker.step()).isTrue();
      assertThat(ticker.step()).isTrue();
      ticker.stop();
    }
    assertThat(types()).containsExactly("tick", "tick", "bye");
  }

  @Test
  void a_gateway_that_is_still_starting_does_not_tick() {
    assertThat(ticker().step()).isFalse();
    assertThat(types()).isEmpty();
  }

  @Test
  void a_gateway_whose_listener_is_gone_does_not_tick() {
    listener = Optional.of(URI.create("http://127.0.0.1:" + FreePort.find() + "/health/live"));

    assertThat(ticker().step()).isFalse();
    assertThat(types()).isEmpty();
  }

  @Test
  void a_gateway_whose_listener_accepts_but_never_answers_does_not_tick() throws IOException {
    try (ServerSocket deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      listener = Optional.of(URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/"));

      assertThat(ticker().step()).isFalse();
    }
    assertThat(types()).isEmpty();
  }

  private List<String> types() {
    return RedisAnswer.await(redis.commands().xrange(keys.events(), Range.unbounded())).stream()
        .map(entry -> entry.getBody().getOrDefault("t", ""))
        .toList();
  }
}
