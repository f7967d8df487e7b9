package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.KEY;
import static io.fullhouse.gateway.RunningGateway.MASTER;
import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.testing.EventClient;
import io.fullhouse.testing.EventClient.Event;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.lettuce.core.XTrimArgs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers as they change, from two gateways on one Redis. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StatsStreamTest {
  private static final String STREAM = "/api/stats/stream";
  private static final int WATCHERS = 5;

  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private RedisView view = new RedisView(redis.uri());
  private final StubIvs ivs = new StubIvs();
  private final RunningGateway one = start();
  private final RunningGateway two = start();

  private RunningGateway start() {
    return RunningGateway.start(
        redis.uri(), ivs, Map.of("live.watchers", "" + WATCHERS, "live.takesWithin", "3s"));
  }

  @BeforeEach
  void prepare() {
    nobodyWatches();
    view.empty();
    view.open(MASTER);
    view.live();
    view.viewers(1);
  }

  /** Who went away is found when there is something to send. */
  private void nobodyWatches() {
    AtomicLong viewers = new AtomicLong(100_000);
    soon()
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              view.viewers(viewers.incrementAndGet());
              return one.gauge("gateway.live.watchers") == 0
                  && two.gauge("gateway.live.watchers") == 0;
            });
  }

  @AfterAll
  void end() {
    two.close(); // the last first: each puts back the settings that it found
    one.close();
    ivs.close();
    view.close();
    redis.close();
  }

  private static EventClient watch(RunningGateway gateway, String path, String... headers) {
    List<String> all = new ArrayList<>(List.of("X-API-Key", KEY));
    all.addAll(List.of(headers));
    return EventClient.open(gateway.uri(path), all.toArray(String[]::new));
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
  }

  private static long total(EventClient client) {
    return client.numbers().path("totalViewers").asLong(-1);
  }

  private static List<String> told(EventClient client) {
    return client.events("stage").stream().map(Event::type).toList();
  }

  @Test
  void an_event_is_what_stats_answer_for_the_same_entry() {
    try (EventClient client = watch(one, STREAM)) {
      soon().until(() -> total(client) == 1);
      view.viewers(7);
      soon().until(() -> total(client) == 7);

      Event event = client.events("stats").get(client.events("stats").size() - 1);
      JsonNode asked =
          soon()
              .until(
                  () -> two.get("/api/stats").data(),
                  data -> data.path("asOf").equals(event.data().path("asOf")));
      assertThat(withoutTime(event.data())).isEqualTo(withoutTime(asked));
      assertThat(event.data().fieldNames())
          .toIterable()
          .containsExactlyElementsOf(asked::fieldNames);
      assertThat(event.id()).isEqualTo("0-0");
      assertThat(client.head().headers().map())
          .containsEntry("content-type", List.of("text/event-stream;charset=utf-8"))
          .containsEntry("cache-control", List.of("no-store"))
          .containsEntry("x-accel-buffering", List.of("no"))
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsKey("x-request-id");
    }
  }

  private static JsonNode withoutTime(JsonNode data) {
    return ((ObjectNode) data.deepCopy()).without(List.of("timestamp", "lagMillis"));
  }

  @Test
  void two_gateways_show_the_same_numbers_for_the_same_entry() {
    Map<String, JsonNode> shown = new HashMap<>();
    try (EventClient here = watch(one, STREAM);
        EventClient there = watch(two, "/api/b/main/stats/stream")) {
      for (int viewers = 2; viewers < 80; viewers += 13) {
        for (int more = 0; more < 10; more++) {
          view.viewers(viewers + more);
        }
        int last = viewers + 9;
        soon().until(() -> total(here) == last && total(there) == last);
      }
      for (Event event : here.events("stats")) {
        shown.put(event.data().path("asOf").asText(), withoutTime(event.data()));
      }
      assertThat(there.events("stats").stream().map(Event::data))
          .filteredOn(data -> shown.containsKey(data.path("asOf").asText()))
          .hasSizeGreaterThanOrEqualTo(6)
          .allSatisfy(
              data ->
                  assertThat(withoutTime(data)).isEqualTo(shown.get(data.path("asOf").asText())));
    }
    long viewers = one.get("/api/stats").data().path("totalViewers").asLong();
    assertThat(viewers).isEqualTo(76);
    assertThat(two.gauge("gateway.stats.viewers")).isEqualTo(viewers);
    assertThat(two.gauge("gateway.stats.publisher.live")).isEqualTo(1);
    assertThat(two.gauge("gateway.stats.stages.active")).isEqualTo(1);
    assertThat(two.gauge("gateway.stats.stages.draining")).isZero();
    assertThat(two.gauge("gateway.stats.lag.millis")).isNotNegative();
  }

  @Test
  void who_comes_back_to_another_gateway_misses_nothing_of_stages_and_is_told_nothing_twice() {
    String last;
    view.notice("Stage Opened", MASTER); // before anybody watched
    try (EventClient client = watch(one, STREAM)) {
      soon().until(() -> total(client) == 1);
      view.notice("Stage Draining", MASTER);
      view.notice("Capacity Exhausted", MASTER);
      soon().until(() -> told(client).equals(List.of("draining")));
      last = client.lastId();
    }
    view.notice("Stage Closed", MASTER);
    view.notice("Stage Opened", MASTER);
    view.viewers(2);
    String newest = view.notice("Stage Draining", MASTER);
    try (EventClient client = watch(two, STREAM, "Last-Event-ID", last)) {
      soon().until(() -> total(client) == 2);
      assertThat(client.events().stream().map(Event::name))
          .startsWith("stage", "stage", "stage", "stats");
      assertThat(told(client)).containsExactly("deleted", "created", "draining");
      assertThat(client.events().get(3).id()).isEqualTo(newest);
      Event opened = client.events("stage").get(1);
      assertThat(opened.data().fieldNames())
          .toIterable()
          .containsExactly("type", "stageArn", "stageName", "autoScaled", "reason", "timestamp");
      assertThat(opened.stage()).isEqualTo(MASTER);
      assertThat(opened.data().path("timestamp").asText()).endsWith("Z");

      view.notice("Stage Closed", MASTER);
      soon().until(() -> told(client).size() == 4);
    }
    // The query goes before the header.
    try (EventClient client =
        watch(two, STREAM + "?lastEventId=" + newest, "Last-Event-ID", last)) {
      soon().until(() -> total(client) == 2);
      assertThat(told(client)).containsExactly("deleted");
    }
  }

  @Test
  void who_was_away_for_too_long_is_told_so() {
    IntStream.range(0, 300).forEach(i -> view.notice("Stage Opened", MASTER));
    String kept = view.notice("Stage Draining", MASTER);
    view.notice("Stage Closed", MASTER);
    view.call(c -> c.xtrim(view.keys.notices(), XTrimArgs.Builder.maxlen(2)));

    assertReset(watch(one, STREAM, "Last-Event-ID", "1700000000000-0"), "TOO_OLD");
    assertReset(watch(one, STREAM, "Last-Event-ID", "0-0"), "TOO_OLD");
    assertReset(watch(one, STREAM, "Last-Event-ID", "99999999999999-0"), "LOST");
    try (EventClient client = watch(one, STREAM, "Last-Event-ID", kept)) {
      soon().until(() -> total(client) == 1);
      assertThat(told(client)).containsExactly("deleted");
    }
  }

  private static void assertReset(EventClient client, String reason) {
    try (client) {
      soon().until(() -> total(client) == 1);
      assertThat(client.events().stream().map(Event::name)).startsWith("reset", "stats");
      assertThat(client.events().get(0).data().path("reason").asText()).isEqualTo(reason);
    }
  }

  @Test
  void the_beginning_of_everything_is_not_too_old() {
    view.notice("Stage Opened", MASTER);
    try (EventClient client = watch(one, STREAM, "Last-Event-ID", "0-0")) {
      soon().until(() -> total(client) == 1);
      assertThat(told(client)).containsExactly("created");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "-1", "1-2-3", "9999999999999999999-0"})
  void an_id_that_is_none_is_refused(String id) {
    Answer answer = one.get(STREAM + "?lastEventId=" + id);

    assertRefused(answer, 400, "VALIDATION_ERROR");
    assertThat(answer.body().at("/error/details/invalidFields/0").asText())
        .isEqualTo("lastEventId");
  }

  /** Else the connection would be held for ever, and what comes next on it not be answered. */
  @Test
  void who_asks_for_its_headers_alone_is_answered_to_the_end() {
    Answer answer =
        one.send(
            one.request(STREAM)
                .header("X-API-Key", KEY)
                .method("HEAD", BodyPublishers.noBody())
                .build());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).startsWith("text/event-stream");
    assertThat(answer.header("content-length")).isEqualTo("0");
    assertThat(one.get("/api/stats").status()).isEqualTo(200);
  }

  @Test
  void many_changes_are_few_events_and_the_last_is_right() {
    try (EventClient client = watch(one, STREAM)) {
      soon().until(() -> total(client) == 1);
      int before = client.events("stats").size();
      long start = System.nanoTime();
      for (int viewers = 2; viewers <= 2_000; viewers++) {
        view.viewers(viewers);
      }
      soon().until(() -> total(client) == 2_000);
      long quarters = Duration.ofNanos(System.nanoTime() - start).toMillis() / 250;

      assertThat(client.events("stats").size() - before).isLessThanOrEqualTo((int) quarters + 2);
    }
  }

  @Test
  void a_client_that_takes_nothing_is_let_go_and_another_one_gets_everything() throws IOException {
    for (int i = 0; i < 300; i++) {
      view.open("arn:aws:ivs:us-east-1:123456789012:stage/room" + i);
    }
    long before = one.counter("gateway.live.dropped.slow");
    try (EventClient client = watch(one, STREAM);
        Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), one.uri("/").getPort()));
      String request =
          "GET " + STREAM + " HTTP/1.1\r\nHost: gateway\r\nX-API-Key: " + KEY + "\r\n\r\n";
      deaf.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      soon().until(() -> one.gauge("gateway.live.watchers") == 2);

      int viewers = 1;
      while (one.counter("gateway.live.dropped.slow") == before) {
        int now = ++viewers;
        view.viewers(now);
        view.notice("Stage Opened", MASTER);
        soon().until(() -> total(client) == now);
        assertThat(now).as("changes until it is let go").isLessThan(200);
      }
      int changes = viewers - 1;
      soon().untilAsserted(() -> assertThat(told(client)).hasSize(changes));
      assertThat(one.gauge("gateway.live.watchers")).isEqualTo(1);
      soon().until(() -> isCut(deaf));
    }
  }

  private static boolean isCut(Socket socket) {
    try {
      socket.setSoTimeout(1_000);
      return socket.getInputStream().read(new byte[64 * 1024]) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void so_many_may_watch_and_no_more() {
    List<EventClient> all = new ArrayList<>();
    try {
      for (int i = 0; i < WATCHERS; i++) {
        EventClient client = watch(one, STREAM);
        all.add(client);
        soon().until(() -> total(client) == 1);
      }
      assertRefused(one.get(STREAM), 503, "SERVICE_UNAVAILABLE");
    } finally {
      all.forEach(EventClient::close);
    }
    nobodyWatches();
  }

  @Test
  @Order(1)
  void numbers_come_again_when_redis_does() throws Exception {
    try (EventClient client = watch(one, STREAM);
        SocketClient socket = SocketClient.open(one)) {
      socket.send("{\"type\":\"subscribe\",\"channel\":\"stats\"}");
      view.notice("Stage Opened", MASTER);
      soon().until(() -> told(client).size() == 1);

      view.empty();
      view.open(MASTER);
      view.viewers(3);
      soon().until(() -> total(client) == 3);
      assertThat(client.events("reset")).hasSize(1);
      assertThat(client.events("reset").get(0).data().path("reason").asText()).isEqualTo("LOST");

      redis.kill();
      soon().until(() -> one.get("/api/stats").status() == 503);
      assertRefused(one.get(STREAM), 503, "SERVICE_UNAVAILABLE");
      redis.restart();
      view.close();
      view = new RedisView(redis.uri());
      view.empty();
      view.open(MASTER);
      view.viewers(4);
      soon().until(() -> total(client) == 4);
      socket.awaitMessage("stats_update", m -> m.path("totalViewers").asInt() == 4);
      assertThat(client.ended()).isFalse();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void a_gateway_that_stops_sends_all_away_at_once() {
    try (EventClient client = watch(two, STREAM);
        SocketClient socket = SocketClient.open(two)) {
      soon().until(() -> total(client) == 1);
      long start = System.nanoTime();
      two.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      soon().until(client::ended);
      Event last = client.events().get(client.events().size() - 1);
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().path("reason").asText()).isEqualTo("STOPPING");
      assertThat(socket.closed()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(socket.closed().join()).isEqualTo("1001 STOPPING");
    }
  }
}
