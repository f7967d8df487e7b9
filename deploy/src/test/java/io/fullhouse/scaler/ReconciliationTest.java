package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.counter.PresenceStore;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Our viewers against those whom the simulated IVS has, through the AWS SDK. */
@ExtendWith(RedisExtension.class)
final class ReconciliationTest {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final LuaScript DRAIN = LuaScript.load(PresenceStore.class, "drain.lua");

  private final MutableTime time = MutableTime.fromNow();
  private final HttpClient http = HttpClient.newHttpClient();
  private final IvsSimulator simulator =
      IvsSimulator.start(
          SimulatorOptions.defaults().withoutRateLimits().withStage("Master1", "main-show"));
  private final StageArn stage = new StageArn(simulator.stageArn("Master1"));
  private final IvsCalls calls =
      IvsCalls.create(
          Region.US_EAST_1,
          StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
          simulator.uri(),
          Optional::empty);
  private final StageAudience ivs = new IvsStageAudience(calls, time);
  private final MetricRegistry metrics = new MetricRegistry();
  private final ScalerMetrics scalerMetrics = new ScalerMetrics(metrics);
  private final Redis redis;
  private final RedisKeys keys;
  private final Lease lease;

  ReconciliationTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.lease = new Lease(redis, keys, "test", Duration.ofMinutes(10), () -> {});
  }

  @BeforeEach
  void aFleet() {
    lease.step();
    StageMetadata master =
        new StageMetadata(
            "n", stage, false, time.instant(), StageMetadata.ACTIVE, 20_000, Optional.empty());
    await(redis.commands().hset(keys.scalerFleet(), stage.value(), master.toJson()));
  }

  @AfterEach
  void close() {
    calls.close();
    simulator.close();
  }

  private Reconciliation reconciliation(boolean correct) {
    return reconciliation(correct, false);
  }

  /** One that has acted for ten minutes, while the counts move. */
  private Reconciliation thatDisconnects() {
    await(
        redis.commands().hset(keys.fold(), "clock", await(redis.commands().time()).get(0) + "000"));
    Reconciliation reconciliation = reconciliation(true, true);
    run(reconciliation);
    time.advance(Duration.ofMinutes(10));
    return reconciliation;
  }

  private Reconciliation reconciliation(boolean correct, boolean disconnect) {
    return new Reconciliation(
        ivs,
        new SeatedAudience(redis, keys, lease::token),
        new StageRegistry(redis, keys, lease::token),
        new UnwantedOnStage(redis, keys, queue()),
        new NoticeBoard(redis, keys, lease::token),
        lease::token,
        new Reconciliation.Settings(correct, disconnect, Duration.ofMinutes(5), PAUSE),
        scalerMetrics,
        time);
  }

  private DisconnectQueue queue() {
    return new DisconnectQueue(redis, keys, lease::token);
  }

  /** A whole comparison; how many steps it took, each with one call at most. */
  private static int run(Reconciliation reconciliation) {
    int steps = 0;
    while (reconciliation.step().equals(PAUSE)) {
      steps++;
      assertThat(steps).isLessThan(1_000);
    }
    return steps;
  }

  @Test
  void of_ten_thousand_it_finds_a_hundred_ghosts_and_a_hundred_strangers() throws Exception {
    connect(0, 10_000);
    present(0, 9_900);
    for (int i = 0; i < 100; i++) {
      leave(i);
    }
    time.advance(Duration.ofMinutes(10));
    int steps = run(reconciliation(true));

    assertThat(steps).isLessThanOrEqualTo(1 + 100 + 100);
    assertThat(gauge("ours-only")).isEqualTo(100);
    assertThat(gauge("ivs-only")).isEqualTo(100);
    fold();
    assertThat(awaitNullable(redis.commands().get(keys.viewers(stage)))).isEqualTo("9800");
    assertThat(await(redis.commands().hexists(keys.viewerSeat(), "u0"))).isFalse();
    assertThat(await(redis.commands().hexists(keys.viewerSeat(), "u100"))).isTrue();
    assertThat(await(redis.commands().zcard(keys.viewerClosed()))).isEqualTo(100);
    assertThat(await(redis.commands().hget(keys.scalerNoticed(), "drift"))).isEqualTo("100|100");
  }

  @Test
  void only_reports_unless_it_is_told_to_correct() throws Exception {
    connect(0, 20);
    present(0, 20);
    leave(0);
    time.advance(Duration.ofMinutes(10));
    run(reconciliation(false));

    assertThat(gauge("ours-only")).isEqualTo(1);
    assertThat(log()).isEmpty();
  }

  @Test
  void a_page_that_fails_stops_it_without_action() throws Exception {
    connect(0, 300);
    present(0, 300);
    leave(0);
    time.advance(Duration.ofMinutes(10));
    simulator("/_sim/faults", "{\"op\":\"ListParticipants\",\"kind\":\"partial\",\"page\":2}");
    run(reconciliation(true));

    assertThat(log()).isEmpty();
    assertThat(metrics.counter("scaler.reconcile.stages.skipped").getCount()).isEqualTo(1);
  }

  @Test
  void who_joined_a_moment_ago_is_no_drift() throws Exception {
    connect(5, 10);
    present(0, 10);
    time.advance(Duration.ofMinutes(1));
    run(reconciliation(true));

    assertThat(gauge("ours-only")).isZero();
    assertThat(log()).isEmpty();
  }

  @Test
  void more_than_a_fifth_of_a_stage_go_only_when_missing_twice() throws Exception {
    connect(0, 40);
    present(0, 40);
    for (int i = 0; i < 20; i++) {
      leave(i);
    }
    time.advance(Duration.ofMinutes(10));
    Reconciliation reconciliation = reconciliation(true);
    run(reconciliation);
    assertThat(log()).isEmpty();

    time.advance(Duration.ofMinutes(5));
    run(reconciliation);
    assertThat(log()).hasSize(20);
  }

  @Test
  void the_same_user_under_a_refreshed_token_is_not_ended() throws Exception {
    present(0, 10);
    connect(0, 10);
    leave(3);
    crowd("{\"participantId\":\"refreshed\",\"userId\":\"x3\"}");
    time.advance(Duration.ofMinutes(10));
    run(reconciliation(true));

    assertThat(gauge("ours-only")).isZero();
    assertThat(gauge("ivs-only")).isZero();
    assertThat(log()).isEmpty();
  }

  @Test
  void nobody_is_judged_while_the_stage_has_no_session() {
    present(0, 10);
    time.advance(Duration.ofMinutes(10));
    run(reconciliation(true));

    assertThat(log()).isEmpty();
  }

  @Test
  void a_publisher_whose_events_were_lost_is_found_and_one_who_went_is_missed() throws Exception {
    String participant = publish();
    await(
        redis
            .commands()
            .hset(keys.fold(), "publisher:anna", "gone|" + stage + "|ivs|" + time.millis()));
    time.advance(Duration.ofMinutes(10));
    run(reconciliation(false));

    assertThat(log())
        .extracting(event -> event.get("p") + " " + event.get("state"))
        .containsExactly("gone offline", participant + " live");
  }

  @Test
  void a_scaler_that_does_not_act_calls_nothing() {
    lease.giveBack();

    assertThat(run(reconciliation(true))).isZero();
  }

  @Test
  void viewers_whom_only_ivs_has_are_disconnected_and_nobody_else() throws Exception {
    String publisher = publish();
    connect(0, 12);
    present(0, 8);
    await(
        redis
            .commands()
            .hset(keys.fold(), "publisher:bob", "p8|%s|token|%d".formatted(stage, time.millis())));
    await(redis.commands().hset(keys.viewerJoining(), "u9", "1-0|" + stage + "|p9|a9"));
    Reconciliation reconciliation = thatDisconnects();
    run(reconciliation);

    assertThat(connected()).contains(publisher, "p0", "p7", "p8", "p9").hasSize(11);
    assertThat(reconciliation.last().orElseThrow().disconnected()).isEqualTo(2);
    assertThat(metrics.counter("scaler.reconcile.disconnected").getCount()).isEqualTo(2);
    assertThat(await(redis.commands().hlen(keys.heartbeats(stage)))).isEqualTo(8);
  }

  @Test
  void one_call_is_made_in_a_step_also_when_strangers_are_disconnected() throws Exception {
    connect(0, 5);
    Reconciliation reconciliation = thatDisconnects();

    assertThat(run(reconciliation)).isEqualTo(2 + 5); // session, page, and each of them
    assertThat(connected()).isEmpty();
  }

  @Test
  void strangers_stay_unless_it_is_told_to_disconnect_them() throws Exception {
    connect(0, 5);
    time.advance(Duration.ofMinutes(10));
    Reconciliation reconciliation = reconciliation(true);
    run(reconciliation);

    assertThat(gauge("ivs-only")).isEqualTo(5);
    assertThat(connected()).hasSize(5);
  }

  @Test
  void more_strangers_than_a_fifth_are_disconnected_only_when_unknown_twice() throws Exception {
    connect(0, 40);
    present(0, 20);
    Reconciliation reconciliation = thatDisconnects();
    run(reconciliation);
    assertThat(connected()).hasSize(40);

    connect(40, 43); // unknown for the first time
    present(20, 25); // known by now
    time.advance(Duration.ofMinutes(5));
    run(reconciliation);
    assertThat(connected()).contains("p20", "p24", "p40", "p42").hasSize(28);
  }

  @Test
  void who_is_known_when_the_turn_comes_is_spared() throws Exception {
    connect(0, 5);
    present(0, 1);
    Reconciliation reconciliation = thatDisconnects();
    reconciliation.step(); // session
    reconciliation.step(); // page: p1 to p4 are to go
    present(1, 2);
    await(redis.commands().hset(keys.viewerJoining(), "u2", "1-0|" + stage + "|p2|a2"));
    await(redis.commands().hset(keys.viewerReserved(), "u3", time.millis() + "|p3|" + stage));
    run(reconciliation);

    assertThat(connected()).containsExactlyInAnyOrder("p0", "p1", "p2", "p3");
  }

  @Test
  void who_went_meanwhile_counts_as_disconnected() throws Exception {
    connect(0, 2);
    Reconciliation reconciliation = thatDisconnects();
    reconciliation.step();
    reconciliation.step();
    leave(0);
    leave(1);
    run(reconciliation);

    assertThat(reconciliation.last().orElseThrow().disconnected()).isEqualTo(2);
  }

  @Test
  void nobody_is_disconnected_while_the_counts_do_not_move() throws Exception {
    connect(0, 5);
    Reconciliation reconciliation = thatDisconnects();
    await(redis.commands().hset(keys.fold(), "clock", "1"));
    run(reconciliation);

    assertThat(connected()).hasSize(5);
  }

  @Test
  void nobody_is_disconnected_by_a_scaler_that_has_just_begun_to_act() throws Exception {
    connect(0, 5);
    time.advance(Duration.ofMinutes(10));
    thatDisconnects(); // its first comparison, of a house that may have lost its data

    assertThat(gauge("ivs-only")).isEqualTo(5);
    assertThat(connected()).hasSize(5);
  }

  @Test
  void nobody_is_disconnected_who_may_be_a_viewer_under_another_token() throws Exception {
    connect(0, 5);
    present(0, 4);
    leave(3);
    crowd("{\"participantId\":\"nobody-s\"}");
    await(
        redis
            .commands()
            .hset(
                keys.heartbeats(stage),
                "u9",
                "{\"timestamp\":%1$d,\"participantId\":\"p9\",\"joinedAt\":%1$d,\"admission\":\"a9\"}"
                    .formatted(time.millis()))); // p9 was never in the session
    run(thatDisconnects());

    assertThat(connected()).contains("p4", "nobody-s");
  }

  @Test
  void a_listing_that_is_not_whole_disconnects_nobody() throws Exception {
    connect(0, 150);
    present(0, 149);
    Reconciliation reconciliation = thatDisconnects();
    simulator("/_sim/faults", "{\"op\":\"ListParticipants\",\"kind\":\"partial\",\"page\":2}");
    run(reconciliation);

    assertThat(reconciliation.last().orElseThrow().skipped()).isEqualTo(1);
    assertThat(metrics.counter("scaler.reconcile.disconnected").getCount()).isZero();
  }

  @Test
  void whom_ivs_does_not_let_go_is_left_to_the_next_comparison() throws Exception {
    connect(0, 5);
    Reconciliation reconciliation = thatDisconnects();
    simulator(
        "/_sim/faults",
        "{\"op\":\"DisconnectParticipant\",\"kind\":\"error\",\"status\":403,"
            + "\"type\":\"AccessDeniedException\",\"times\":3}");

    assertThat(run(reconciliation)).isEqualTo(2 + 3); // then the others are not tried
    assertThat(connected()).hasSize(5);
    time.advance(Duration.ofMinutes(5));
    run(reconciliation);
    assertThat(connected()).isEmpty();
  }

  /** As IVS has it. */
  private Set<String> connected() {
    Set<String> participants = new HashSet<>();
    String session = done(ivs.session(stage));
    Optional<String> next = Optional.empty();
    do {
      StageAudience.Page page = done(ivs.connected(stage, session, next));
      page.participants().forEach(each -> participants.add(each.participant()));
      next = page.next();
    } while (next.isPresent());
    return participants;
  }

  private static <T> T done(IvsAnswer<T> answer) {
    assertThat(answer).isInstanceOf(IvsAnswer.Done.class);
    return ((IvsAnswer.Done<T>) answer).value();
  }

  private void present(int from, int to) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> seats = new HashMap<>();
    for (int i = from; i < to; i++) {
      values.put(
          "u" + i,
          "{\"timestamp\":%d,\"participantId\":\"p%d\",\"joinedAt\":%d,\"admission\":\"a%d\"}"
              .formatted(time.millis(), i, time.millis(), i));
      seats.put("u" + i, stage.value());
    }
    await(redis.commands().hset(keys.heartbeats(stage), values));
    await(redis.commands().hset(keys.viewerSeat(), seats));
  }

  private String publish() throws IOException, InterruptedException {
    JsonNode made =
        simulator(
                "/CreateParticipantToken",
                "{\"stageArn\":\"%s\",\"capabilities\":[\"PUBLISH\"]}".formatted(stage))
            .path("participantToken");
    String participant = made.path("participantId").asText();
    simulator("/_sim/connect", "{\"token\":\"%s\"}".formatted(made.path("token").asText()));
    simulator(
        "/_sim/publish",
        "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}".formatted(stage, participant));
    return participant;
  }

  private void fold() {
    for (int i = 0; i < 3; i++) {
      await(
          DRAIN.<List<Object>>run(
              redis.commands(),
              ScriptOutputType.MULTI,
              keys,
              "200",
              "60000",
              "6000",
              "120000",
              "100",
              "604800"));
    }
  }

  private List<Map<String, String>> log() {
    return await(redis.commands().xrange(keys.events(), Range.unbounded())).stream()
        .map(entry -> entry.getBody())
        .toList();
  }

  private long gauge(String name) {
    return Optional.ofNullable(metrics.getGauges().get("scaler.reconcile." + name))
        .map(gauge -> (Long) gauge.getValue())
        .orElse(-1L);
  }

  private void connect(int from, int to) throws IOException, InterruptedException {
    crowd(
        IntStream.range(from, to)
            .mapToObj(i -> "{\"participantId\":\"p%d\",\"userId\":\"x%d\"}".formatted(i, i))
            .collect(Collectors.joining(",")));
  }

  private void crowd(String participants) throws IOException, InterruptedException {
    simulator(
        "/_sim/crowd",
        "{\"stageArn\":\"%s\",\"participants\":[%s]}".formatted(stage, participants));
  }

  private void leave(int number) throws IOException, InterruptedException {
    simulator(
        "/_sim/leave", "{\"stageArn\":\"%s\",\"participantId\":\"p%d\"}".formatted(stage, number));
  }

  private JsonNode simulator(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(simulator.uri() + path))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }
}
