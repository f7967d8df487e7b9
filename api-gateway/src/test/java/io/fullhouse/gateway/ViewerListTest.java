package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.model.StageArn;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is present on a stage, page by page, while others come and go. */
@ExtendWith(GatewayExtension.class)
final class ViewerListTest {
  private static final String LIST = "/api/viewer/list/AbCdEf123456";
  private static final String OTHER = "arn:aws:ivs:us-east-1:123456789012:stage/second";

  /** What a page may cost at most: HSCANs, whatever is in the hash. */
  private static final long STEPS = 40;

  private final RunningGateway gateway;
  private final RedisView view;
  private final String viewers;

  ViewerListTest(RunningGateway gateway, RedisView view) {
    this.gateway = gateway;
    this.view = view;
    this.viewers = view.keys.heartbeats(new StageArn(MASTER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LIST,
        "/api/viewer/list/arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456",
        "/api/viewer/list/arn%3Aaws%3Aivs%3Aus-east-1%3A123456789012%3Astage%2FAbCdEf123456",
        "/api/b/main/viewer/list/AbCdEf123456?limit=1000",
      })
  void a_list_has_the_fields_of_the_contract(String path) {
    join(Map.of("Bén 🎫", value("p-1", "Adm1", 1_795_348_800_000L, 1_795_348_860_500L)));

    JsonNode data = gateway.get(path).data();

    assertThat(data)
        .hasToString(
            "{\"stageArn\":\"%s\",\"totalViewers\":1,\"activeViewers\":1,\"viewers\":[%s],\"nextCursor\":null}"
                .formatted(
                    MASTER,
                    "{\"userId\":\"Bén 🎫\",\"participantId\":\"p-1\","
                        + "\"joinedAt\":\"2026-11-22T12:00:00.000Z\","
                        + "\"lastHeartbeat\":\"2026-11-22T12:01:00.500Z\"}"));
  }

  @Test
  void a_stage_without_viewers_has_an_empty_list_and_an_unknown_stage_none() {
    assertThat(gateway.get(LIST).data().path("viewers").isEmpty()).isTrue();
    assertThat(gateway.get(LIST).data().path("totalViewers").asInt(-1)).isZero();
    view.call(c -> c.zadd(view.keys.stagesClosing(), 0, OTHER));
    assertThat(gateway.get("/api/viewer/list/second").status()).isEqualTo(200);
    for (String stage : List.of("third", "econd", "x/second", OTHER + "x", "stage%2Fsecondx")) {
      assertRefused(gateway.get("/api/viewer/list/" + stage), 404, "NOT_FOUND");
    }
  }

  @Test
  void what_is_damaged_costs_itself_only() {
    join(Map.of("anna", value("p1", "a1", 1, 1), "ben", "damaged", "cleo", value("p3", "", 3, 3)));

    JsonNode data = gateway.get(LIST).data();

    assertThat(data.path("viewers").findValuesAsText("userId"))
        .containsExactlyInAnyOrder("anna", "cleo");
    assertThat(data.path("totalViewers").asInt()).isEqualTo(3);
    view.call(c -> c.del(viewers));
    view.call(c -> c.set(viewers, "not a hash"));
    assertThat(gateway.get(LIST).data().path("totalViewers").asInt(-1)).isZero();
  }

  @Test
  void a_bad_limit_or_cursor_is_refused() {
    for (String limit : List.of("0", "-1", "x", "1.5", "1001", "99999999999999999999", "")) {
      assertInvalid(gateway.get(LIST + "?limit=" + limit), "limit");
    }
    for (String text :
        List.of(
            "",
            "AbCdEf123456",
            "second|7|",
            "AbCdEf123456|7",
            "AbCdEf123456|-7|",
            "AbCdEf123456|18446744073709551616|", // 2 to the 64th
            "AbCdEf123456|7|99999999999999999999|" + "a".repeat(40),
            "AbCdEf123456|7|8|" + "a".repeat(39))) {
      assertInvalid(gateway.get(LIST + "?cursor=" + encoded(text)), "cursor");
    }
    assertInvalid(gateway.get(LIST + "?cursor=no%20base64"), "cursor");
    assertThat(
            gateway.get(LIST + "?cursor=" + encoded("AbCdEf123456|18446744073709551615|")).status())
        .isEqualTo(200);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertInvalid(Answer answer, String field) {
    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/invalidFields/0").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1_000})
  void whoever_stays_is_seen_while_thousands_come_and_go(int limit) {
    Random random = new Random(limit);
    int few = limit < 10 ? 30 : 1; // pages that small are many
    Set<String> steady = join("steady", 1_500 / few);
    Set<String> restless = join("restless", 4_000 / few);
    List<Integer> pages = new ArrayList<>();

    Set<String> seen =
        pages(
            limit,
            cursor -> {
              pages.add(1);
              if (pages.size() == 2) { // most go: the hash shrinks
                view.call(c -> c.hdel(viewers, restless.toArray(String[]::new)));
                restless.clear();
              } else if (pages.size() % 40 == 5) { // and grows
                restless.addAll(
                    join("late" + pages.size() + "-", (200 + random.nextInt(800)) / few));
              } else if (pages.size() % 40 == 6) {
                List<String> gone = restless.stream().filter(user -> random.nextBoolean()).toList();
                view.call(c -> c.hdel(viewers, gone.toArray(String[]::new)));
                gone.forEach(restless::remove);
              }
            });

    assertThat(seen).containsAll(steady);
    assertThat(pages.size()).isGreaterThan(1);
  }

  /** Small hashes are one step of HSCAN, whatever is asked for. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50})
  void a_stage_that_redis_keeps_in_one_piece_has_pages_too(int limit) {
    String before = view.call(c -> c.configGet("hash-max-listpack-value")).values().toString();
    view.call(c -> c.configSet("hash-max-listpack-value", "512"));
    try {
      Set<String> steady = join("steady", 60);
      String encoding = view.call(c -> c.objectEncoding(viewers));
      assertThat(encoding).isEqualTo("listpack");
      int[] pages = {0};
      Set<String> seen =
          pages(
              limit,
              cursor -> {
                pages[0]++;
                if (pages[0] == 2) { // and no longer in one piece
                  join("late", limit == 3 ? 300 : 20);
                }
              });
      assertThat(seen).containsAll(steady);
      assertThat(pages[0]).isGreaterThan(1);
    } finally {
      view.call(
          c -> c.configSet("hash-max-listpack-value", before.substring(1, before.length() - 1)));
    }
  }

  /** Then the next page's step reaches farther, to users of whom the last page knew nothing. */
  @Test
  void whoever_stays_is_seen_while_those_go_of_whom_one_was_shown() {
    Set<String> staying = join("user", 300);
    int[] times = {0};
    Set<String> seen =
        pages(
            1,
            cursor -> {
              String[] at = decoded(cursor).split("\\|", -1);
              if (at.length == 4) { // a part of a step was shown
                String[] shown =
                    view.call(
                            c -> c.hscan(viewers, ScanCursor.of(at[1]), ScanArgs.Builder.limit(1)))
                        .getMap()
                        .keySet()
                        .toArray(String[]::new);
                view.call(c -> c.hdel(viewers, shown));
                staying.removeAll(List.of(shown));
                times[0]++;
              }
            });
    assertThat(times[0]).isGreaterThan(10);
    assertThat(seen).containsAll(staying);
  }

  private static String decoded(String cursor) {
    return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
  }

  /** Follows the cursors to the end, and answers whom it saw. */
  private Set<String> pages(int limit, Consumer<String> between) {
    Set<String> seen = new HashSet<>();
    String cursor = "";
    int shown = 0;
    do {
      view.forgetCalls();
      Answer answer = gateway.get(LIST + "?limit=" + limit + cursor);
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
      List<String> page = answer.data().path("viewers").findValuesAsText("userId");
      assertThat(page).hasSizeLessThanOrEqualTo(limit).doesNotHaveDuplicates();
      assertThat(view.calls("hscan")).isBetween(1L, STEPS);
      assertThat(view.calls("scan") + view.calls("keys") + view.calls("hgetall")).isZero();
      seen.addAll(page);
      shown += page.size();
      assertThat(shown).as("it ends").isLessThan(20_000);
      cursor = "&cursor=" + answer.data().path("nextCursor").asText();
      between.accept(answer.data().path("nextCursor").asText(""));
      if (answer.data().path("nextCursor").isNull()) {
        return seen;
      }
    } while (true);
  }

  private Set<String> join(String name, int count) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(name + i, value("p" + i, "Adm" + i, 1_795_348_800_000L, 1_795_348_860_500L));
    }
    join(values);
    return new HashSet<>(values.keySet());
  }

  /** As the fold writes it. */
  private void join(Map<String, String> values) {
    view.call(c -> c.hset(viewers, values));
  }

  private static String value(String participant, String admission, long joined, long seen) {
    return "{\"timestamp\":%d,\"participantId\":\"%s\",\"joinedAt\":%d,\"admission\":\"%s\"}"
        .formatted(seen, participant, joined, admission);
  }
}
