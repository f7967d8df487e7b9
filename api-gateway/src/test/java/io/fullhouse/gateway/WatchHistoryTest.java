package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.PastPresence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a user watched, page by page. */
@ExtendWith(GatewayExtension.class)
final class WatchHistoryTest {
  private static final StageArn STAGE = new StageArn(MASTER);
  private static final long START = 1_795_348_800_000L; // 2026-11-22T12:00:00Z

  private final RunningGateway gateway;
  private final RedisView view;

  WatchHistoryTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
  }

  @Test
  void a_history_has_the_fields_of_the_contract_and_begins_with_what_is_running() {
    past("ben", new PastPresence(new EntryId(START + 3_723_900, 0), STAGE, "p1", START, "expired"));
    present("ben", redisMillis() - 61_000);

    JsonNode data = history("ben", "").data();

    assertThat(data.fieldNames())
        .toIterable()
        .containsExactly("userId", "totalRecords", "history", "nextCursor");
    assertThat(data.path("userId").asText()).isEqualTo("ben");
    assertThat(data.path("totalRecords").asInt()).isEqualTo(2);
    assertThat(data.path("nextCursor").isNull()).isTrue();
    JsonNode running = data.at("/history/0");
    assertThat(running.path("stageArn").asText()).isEqualTo(MASTER);
    assertThat(running.path("participantId").asText()).isEqualTo("p2");
    assertThat(running.path("leftAt").isNull()).isTrue();
    assertThat(running.path("reason").isNull()).isTrue();
    assertThat(running.path("watchDurationSeconds").asLong()).isBetween(61L, 121L);
    assertThat(data.at("/history/1"))
        .hasToString(
            "{\"userId\":\"ben\",\"stageArn\":\"%s\",\"participantId\":\"p1\",".formatted(MASTER)
                + "\"joinedAt\":\"2026-11-22T12:00:00.000Z\",\"leftAt\":\"2026-11-22T13:02:03.900Z\","
                + "\"reason\":\"expired\",\"watchDurationSeconds\":3723}");
  }

  @Test
  void whom_nobody_knows_has_an_empty_history() {
    past("ben", over(1, 0));
    for (String user : List.of("anna", "benn", "be", "*", "viewer:history:ben")) {
      JsonNode data = history(user, "").data();
      assertThat(data.path("userId").asText()).isEqualTo(user);
      assertThat(data.path("totalRecords").asInt(-1)).isZero();
      assertThat(data.path("history").isArray()).isTrue();
      assertThat(data.path("history").isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b", "a:b", "{a}", "五 \"", "a;b=c", "a+b", "a?b#c", "...", "50%", "%00", "%2F", "a\\b"
      })
  void almost_any_user_may_be_asked_for(String user) {
    past(user, over(1, 0));

    assertThat(history(user, "").data().at("/history/0/userId").asText()).isEqualTo(user);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 13, 1_000})
  void pages_are_newest_first_and_stay_so_while_presences_end(int limit) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) { // three of each millisecond
      past("ben", over(i / 3, i % 3));
      expected.add(0, i / 3 + "-" + i % 3);
    }
    present("ben", redisMillis());

    List<String> seen = new ArrayList<>();
    String cursor = "";
    boolean first = true;
    do {
      JsonNode data = history("ben", "?limit=" + limit + cursor).data();
      JsonNode records = data.path("history");
      assertThat(records.size()).isBetween(1, limit);
      for (JsonNode record : records) {
        boolean running = record.path("leftAt").isNull();
        assertThat(running).isEqualTo(first);
        first = false;
        if (!running) {
          seen.add(record.path("participantId").asText());
        }
      }
      past("ben", over(100 + seen.size(), 0)); // what was running, and others, end meanwhile
      cursor = "&cursor=" + data.path("nextCursor").asText();
    } while (!cursor.endsWith("null"));

    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void what_is_damaged_costs_itself_only() {
    String key = view.keys.viewerHistory(new UserId("ben"));
    past("ben", over(1, 0));
    view.call(c -> c.lpush(key, "damaged", over(3, 0).toJson().replace("stage/", "stag/")));
    present("ben", 1);
    view.call(c -> c.hset(view.keys.heartbeats(STAGE), "ben", "damaged"));

    assertThat(history("ben", "").data().path("totalRecords").asInt()).isEqualTo(1);
    view.call(c -> c.del(key, view.keys.viewerSeat()));
    view.call(c -> c.set(key, "no list"));
    view.call(c -> c.set(view.keys.viewerSeat(), "no hash"));
    assertThat(history("ben", "").data().path("totalRecords").asInt(-1)).isZero();
  }

  @Test
  void what_is_wrong_is_named() {
    assertInvalid(history("ben", "?limit=0"), "limit");
    assertInvalid(history("ben", "?limit=1001"), "limit");
    for (String cursor : List.of("", "x", "1-", "-1", "1-1-1", "1".repeat(19))) {
      assertInvalid(history("ben", "?cursor=" + cursor), "cursor");
    }
    assertInvalid(history("x".repeat(129), ""), "userId");
    assertInvalid(history("a\nb", ""), "userId");
  }

  private static void assertInvalid(Answer answer, String field) {
    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/invalidFields/0").asText()).isEqualTo(field);
  }

  private Answer history(String user, String query) {
    String path = URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
    return gateway.get("/api/viewer/history/" + path + query);
  }

  /** One that ended so many milliseconds after the start, and says so as its participant. */
  private static PastPresence over(long millis, long sequence) {
    EntryId end = new EntryId(START + millis, sequence);
    return new PastPresence(end, STAGE, millis + "-" + sequence, START, "left");
  }

  private void past(String user, PastPresence past) {
    String key = view.keys.viewerHistory(new UserId(user));
    view.call(c -> c.lpush(key, past.toJson()));
  }

  private long redisMillis() {
    return Long.parseLong(view.call(c -> c.time()).get(0)) * 1_000;
  }

  private void present(String user, long joined) {
    String value =
        "{\"timestamp\":%d,\"participantId\":\"p2\",\"joinedAt\":%d,\"admission\":\"a2\"}"
            .formatted(joined, joined);
    view.call(c -> c.hset(view.keys.viewerSeat(), user, MASTER));
    view.call(c -> c.hset(view.keys.heartbeats(STAGE), user, value));
  }
}
