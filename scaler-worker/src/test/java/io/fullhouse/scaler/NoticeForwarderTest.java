package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Stream, SDK and prepared answers of the bus over the real wire. */
@ExtendWith(RedisExtension.class)
final class NoticeForwarderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OK = "{\"EventId\":\"e\"}";

  private final StubIvs stub = new StubIvs();
  private final NoticeBus bus =
      EventBridgeNoticeBus.create(
          "show",
          Region.US_EAST_1,
          StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
          stub.uri());
  private final MetricRegistry registry = new MetricRegistry();
  private final ScalerMetrics metrics = new ScalerMetrics(registry);
  private final Redis redis;
  private final RedisKeys keys;
  private final Lease lease;
  private final NoticeForwarder forwarder;

  NoticeForwarderTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.lease = TestLease.held(redis, keys);
    this.forwarder = forwarder();
  }

  private NoticeForwarder forwarder() {
    return new NoticeForwarder(
        new NoticeStream(redis, keys, lease::token),
        bus,
        lease::token,
        new BroadcastId("main"),
        metrics);
  }

  @BeforeEach
  void act() {
    lease.step();
  }

  @AfterEach
  void close() {
    bus.close();
    stub.close();
  }

  @Test
  void a_notice_becomes_an_event_with_an_id_of_ours() {
    String id = write(1).get(0);
    answers(OK);
    forwarder.step();

    JsonNode entry = calls().get(0).get(0);
    assertThat(entry.path("Source").asText()).isEqualTo("fullhouse.scaler");
    assertThat(entry.path("EventBusName").asText()).isEqualTo("show");
    assertThat(entry.path("DetailType").asText()).isEqualTo("Publisher Went Live");
    JsonNode detail = detail(entry);
    assertThat(detail.at("/metadata/eventId").asText()).isEqualTo("main/" + id);
    assertThat(detail.at("/metadata/schemaVersion").asText()).isEqualTo("1");
    assertThat(detail.at("/data/publishers").asInt()).isZero();
    assertThat(sent()).isEqualTo(id);
    assertThat(metrics.noticesSent.getCount()).isEqualTo(1);
  }

  @Test
  void ten_at_a_time_and_each_once() {
    write(25);
    answers(repeated(10));
    forwarder.step();
    forwarder.step();
    answers(repeated(5));
    forwarder.step();
    forwarder.step();

    assertThat(calls()).extracting(List::size).containsExactly(10, 10, 5);
    assertThat(publishers()).isEqualTo(IntStream.range(0, 25).boxed().toList());
    assertThat(pending()).isZero();
  }

  @Test
  void killed_between_bus_and_position_it_sends_the_same_event_again() {
    write(1);
    answers(OK);
    forwarder.step();
    await(redis.commands().del(keys.noticesSent())); // as if it had not come to that
    forwarder().step();

    List<List<JsonNode>> calls = calls();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1)).isEqualTo(calls.get(0));
  }

  @Test
  void of_several_only_those_that_failed_are_sent_again() {
    List<String> ids = write(3);
    answers(OK, "{\"ErrorCode\":\"ThrottlingException\",\"ErrorMessage\":\"later\"}", OK);
    Duration pause = forwarder.step();

    assertThat(pause).isEqualTo(Duration.ofSeconds(1));
    assertThat(sent()).isEqualTo(ids.get(0));
    assertThat(pending()).isEqualTo(1);
    answers(OK);
    forwarder.step();
    assertThat(publishers()).containsExactly(0, 1, 2, 1);
    assertThat(sent()).isEqualTo(ids.get(2));
    assertThat(metrics.noticesSent.getCount()).isEqualTo(3);
  }

  @Test
  void what_the_bus_will_never_take_is_given_up_and_counted() {
    List<String> ids = write(2);
    answers("{\"ErrorCode\":\"MalformedDetail\",\"ErrorMessage\":\"no\"}", OK);
    Duration pause = forwarder.step();

    assertThat(pause).isZero();
    assertThat(metrics.noticesFailed.getCount()).isEqualTo(1);
    assertThat(sent()).isEqualTo(ids.get(1));
  }

  @Test
  void while_the_bus_is_away_it_asks_less_and_less_and_loses_nothing() {
    write(12);
    stub.answers(400, "ThrottlingException", "{\"message\":\"slow down\"}");
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pauses.add(forwarder.step());
    }

    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(sent()).isNull();
    assertThat(pending()).isEqualTo(12);
    answers(repeated(10));
    forwarder.step();
    answers(repeated(2));
    forwarder.step();
    assertThat(pending()).isZero();
    assertThat(publishers()).endsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void a_scaler_that_does_not_act_sends_nothing() {
    write(1);
    lease.giveBack();
    forwarder.step();

    assertThat(stub.calls()).isEmpty();
  }

  @Test
  void a_scaler_whose_lease_was_taken_meanwhile_moves_no_position() {
    write(1);
    answers(OK);
    await(redis.commands().set(keys.scalerLease(), "9|other"));
    forwarder.step();

    assertThat(sent()).isNull();
  }

  @Test
  void an_entry_that_somebody_damaged_stops_nothing() {
    await(redis.commands().xadd(keys.notices(), Map.of("notice", "{", "taken", "")));
    List<String> ids = write(1);
    answers(OK);
    forwarder.step();

    assertThat(sent()).isEqualTo(ids.get(0));
    assertThat(metrics.noticesFailed.getCount()).isEqualTo(1);
  }

  private List<String> write(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                await(
                    redis
                        .commands()
                        .xadd(
                            keys.notices(),
                            Map.of(
                                "notice", new Notice.PublisherWentLive(i).toJson(), "taken", ""))))
        .toList();
  }

  private void answers(String... results) {
    stub.answers(
        200, "", "{\"FailedEntryCount\":0,\"Entries\":[" + String.join(",", results) + "]}");
  }

  private static String[] repeated(int times) {
    return IntStream.range(0, times).mapToObj(i -> OK).toArray(String[]::new);
  }

  private List<List<JsonNode>> calls() {
    return stub.calls().stream()
        .map(call -> parse(call.substring(call.indexOf('{'))).path("Entries"))
        .map(entries -> IntStream.range(0, entries.size()).mapToObj(entries::get).toList())
        .toList();
  }

  /** The number in each event, in the order of sending. */
  private List<Integer> publishers() {
    return calls().stream()
        .flatMap(List::stream)
        .map(entry -> detail(entry).at("/data/publishers").asInt())
        .toList();
  }

  private static JsonNode detail(JsonNode entry) {
    return parse(entry.path("Detail").asText());
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable String sent() {
    return awaitNullable(redis.commands().get(keys.noticesSent()));
  }

  private long pending() {
    return Optional.ofNullable(registry.getGauges().get("scaler.notices.pending"))
        .map(gauge -> (Long) gauge.getValue())
        .orElse(-1L);
  }
}
