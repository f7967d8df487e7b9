package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.gateway.EventClient.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The numbers as they change. */
@ExtendWith(GatewayExtension.class)
final class StatsStreamTest {
  private final RunningGateway gateway;
  private final RedisView view;

  StatsStreamTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void numbers_come_at_once_and_whenever_they_change() {
    try (EventClient client = EventClient.open(gateway, "/api/stats/stream")) {
      await().until(() -> !client.events().isEmpty());
      Event first = client.events().get(0);
      assertThat(first.name()).isEqualTo("stats");
      assertThat(client.head().headers().firstValue("content-type"))
          .hasValue("text/event-stream;charset=utf-8");

      view.viewers(7);
      await().until(() -> client.numbers().path("totalViewers").asInt() == 7);
    }
  }
}
