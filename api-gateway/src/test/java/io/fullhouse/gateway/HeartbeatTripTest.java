package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a heartbeat costs, and what it finds; presence is written here as the fold writes it. */
@ExtendWith(GatewayExtension.class)
final class HeartbeatTripTest {
  private static final int BEATS = 200;

  private final RunningGateway gateway;
  private final RedisView view;

  HeartbeatTripTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void a_heartbeat_of_somebody_present_is_one_append_and_two_looks() {
    JsonNode joined = join();
    present(admission(), joined.path("participantId").asText());
    long slowBefore = gateway.counter("gateway.heartbeat.slow");
    view.forgetCalls();

    for (int i = 0; i < BEATS; i++) {
      var answer = gateway.postSeat("/api/viewer/heartbeat", joined.path("seat").asText());
      assertThat(answer.data().path("heartbeatUpdated").asBoolean()).isTrue();
      assertThat(answer.data().at("/next/action").asText()).isEqualTo("continue");
    }

    long ticks = view.calls("xadd") - BEATS;
    assertThat(ticks).isNotNegative().isLessThan(BEATS / 4);
    assertThat(view.calls("hget")).isLessThan(BEATS + BEATS / 4).isGreaterThanOrEqualTo(BEATS);
    assertThat(view.calls("hexists")).as("whether it is banned").isEqualTo(BEATS);
    // Scripts are the shared snapshots, four a second at most: none of them is a heartbeat's.
    assertThat(view.calls("evalsha")).isLessThan(BEATS);
    assertThat(gateway.counter("gateway.heartbeat.slow")).isEqualTo(slowBefore);
  }

  @Test
  void a_heartbeat_whose_join_is_not_folded_yet_is_heard() {
    String seat = join().path("seat").asText();

    var answer = gateway.postSeat("/api/viewer/heartbeat", seat);

    assertThat(answer.data().path("heartbeatUpdated").asBoolean()).isTrue();
    assertThat(answer.data().path("currentViewers").asLong()).isEqualTo(1);
    assertThat(answer.data().at("/next/action").asText()).isEqualTo("continue");
  }

  @Test
  void another_text_of_the_same_letters_is_not_the_seat_that_its_connection_brought_before() {
    String seat = join().path("seat").asText();
    assertThat(gateway.postSeat("/api/viewer/heartbeat", seat).status()).isEqualTo(200);

    var answer = gateway.postSeat("/api/viewer/heartbeat", seat.toUpperCase(Locale.ROOT));

    assertRefused(answer, 401, "UNAUTHORIZED");
  }

  @Test
  void a_heartbeat_carries_its_fields_in_the_order_of_the_log() {
    JsonNode joined = join();
    gateway.postSeat("/api/viewer/heartbeat", joined.path("seat").asText());

    assertThat(view.entries().get(1))
        .containsEntry("t", "heartbeat")
        .containsEntry("p", joined.path("participantId").asText())
        .containsEntry("a", admission());
    assertThat(view.entries().get(1).keySet()).containsExactly("t", "s", "u", "p", "v", "a", "rid");
  }

  @Test
  void a_damaged_presence_is_looked_up_the_slow_way() {
    JsonNode joined = join();
    view.call(c -> c.hset("ivs:prod:viewer:heartbeat:" + MASTER, "u1", "damaged"));

    var answer = gateway.postSeat("/api/viewer/heartbeat", joined.path("seat").asText());

    assertThat(answer.data().path("heartbeatUpdated").asBoolean()).isTrue();
  }

  private JsonNode join() {
    return gateway.post("/api/token/viewer", "{\"userId\":\"u1\"}").data();
  }

  private String admission() {
    return view.entries().get(0).getOrDefault("a", "");
  }

  private void present(String admission, String participant) {
    String value =
        "{\"timestamp\":1795386645155,\"participantId\":\"%s\",\"joinedAt\":1795386645155,\"admission\":\"%s\"}"
            .formatted(participant, admission);
    view.call(c -> c.hset("ivs:prod:viewer:heartbeat:" + MASTER, "u1", value));
  }
}
