package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.model.StageArn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For how long somebody has been watching. */
@ExtendWith(GatewayExtension.class)
final class WatchDurationTest {
  private static final String DURATION = "/api/viewer/duration";
  private static final String OF_BEN = DURATION + "?userId=ben&stageArn=" + MASTER;

  private final RunningGateway gateway;
  private final RedisView view;

  WatchDurationTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void a_duration_counts_since_the_join_on_redis_s_clock() {
    present("ben", redisMillis() - 3_723_900);

    JsonNode data = gateway.get(OF_BEN).data();

    assertThat(data.fieldNames())
        .toIterable()
        .containsExactly("userId", "stageArn", "watchDurationSeconds", "watchDurationFormatted");
    assertThat(data.path("userId").asText()).isEqualTo("ben");
    assertThat(data.path("stageArn").asText()).isEqualTo(MASTER);
    long seconds = data.path("watchDurationSeconds").asLong();
    assertThat(seconds).isBetween(3_723L, 3_783L);
    assertThat(data.path("watchDurationFormatted").asText())
        .isEqualTo(new WatchTime(seconds).formatted())
        .startsWith("1h 0");
    present("ben", redisMillis() + 60_000); // the clock was set back
    assertThat(gateway.get(OF_BEN).data().path("watchDurationFormatted").asText())
        .isEqualTo("0h 00m 00s");
  }

  @ParameterizedTest
  @CsvSource({"0,0h 00m 00s", "59,0h 00m 59s", "3723,1h 02m 03s", "360000,100h 00m 00s"})
  void a_duration_is_written_with_hours_minutes_and_seconds(long seconds, String text) {
    assertThat(new WatchTime(seconds).formatted()).isEqualTo(text);
  }

  @Test
  void who_is_not_there_has_none() {
    present("ben", 1);
    for (String query :
        List.of("userId=anna&stageArn=" + MASTER, "userId=ben&stageArn=" + MASTER + "x")) {
      assertRefused(gateway.get(DURATION + "?" + query), 404, "NOT_FOUND");
    }
    String viewers = view.keys.heartbeats(new StageArn(MASTER));
    view.call(c -> c.hset(viewers, "ben", "damaged"));
    assertRefused(gateway.get(OF_BEN), 404, "NOT_FOUND");
    view.call(c -> c.del(viewers));
    view.call(c -> c.set(viewers, "not a hash"));
    assertRefused(gateway.get(OF_BEN), 404, "NOT_FOUND");
  }

  @Test
  void what_is_missing_or_wrong_is_named() {
    assertFields(gateway.get(DURATION), List.of("userId", "stageArn"), List.of());
    assertFields(gateway.get(DURATION + "?userId=ben"), List.of("stageArn"), List.of());
    assertFields(
        gateway.get(DURATION + "?userId=a%0Ab&stageArn=master"),
        List.of(),
        List.of("userId", "stageArn"));
    assertFields(
        gateway.get(DURATION + "?userId=&stageArn="), List.of(), List.of("userId", "stageArn"));
  }

  private static void assertFields(Answer answer, List<String> missing, List<String> invalid) {
    assertRefused(answer, 400, "VALIDATION_ERROR");
    JsonNode details = answer.body().at("/error/details");
    assertThat(details.path("missingFields")).map(JsonNode::asText).isEqualTo(missing);
    assertThat(details.path("invalidFields")).map(JsonNode::asText).isEqualTo(invalid);
  }

  private long redisMillis() {
    return Long.parseLong(view.call(c -> c.time()).get(0)) * 1_000;
  }

  private void present(String user, long joined) {
    view.call(
        c ->
            c.hset(
                view.keys.heartbeats(new StageArn(MASTER)),
                user,
                "{\"timestamp\":%d,\"participantId\":\"p1\",\"joinedAt\":%d,\"admission\":\"a1\"}"
                    .formatted(joined, joined)));
  }
}
