package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.LuaScript;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.scaler.DisconnectQueue.Waiting;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Who is not wanted any more, on the simulated IVS through the AWS SDK. */
@ExtendWith(RedisExtension.class)
final class DisconnectsTest {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMillis(500);

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
  private DisconnectQueue queue;
  private Disconnects disconnects;

  DisconnectsTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.lease = new Lease(redis, keys, "test", Duration.ofMinutes(10), () -> {});
    this.queue = new DisconnectQueue(redis, keys, lease::token);
    this.disconnects = new Disconnects(queue, ivs, lease::token, PAUSE, scalerMetrics, time);
  }

  /** From now on with this script. */
  private void drop(String rule, String without) {
    String source = DisconnectQueue.UNWANTED.source();
    assertThat(source).as("the rule is in the script").containsOnlyOnce(rule);
    queue =
        new DisconnectQueue(
            redis, keys, lease::token, LuaScript.ofSource(source.replace(rule, without)));
    disconnects = new Disconnects(queue, ivs, lease::token, PAUSE, scalerMetrics, time);
  }

  @BeforeEach
  void toAct() {
    lease.step();
  }

  @AfterEach
  void close() {
    calls.close();
    simulator.close();
  }

  @Test
  void who_was_banned_goes_first_then_who_was_superseded_and_nobody_else() {
    connect("p1", "p2", "p3", "p4");
    unwanted(keys.disconnectSuperseded(), "p1", "", "u1");
    unwanted(keys.disconnectExpired(), "p3", "", "u3");
    unwanted(keys.disconnectBanned(), "p2", "", "u2");

    assertThat(disconnects.step()).isEqualTo(Duration.ZERO);
    assertThat(connected()).containsExactly("p1", "p3", "p4");
    assertThat(queue.waiting()).isEqualTo(new Waiting(1, 1, 1));
    assertThat(disconnects.step()).isEqualTo(PAUSE);
    assertThat(connected()).containsExactly("p3", "p4");
    assertThat(disconnects.step()).isEqualTo(IDLE);
    assertThat(queue.waiting()).isEqualTo(new Waiting(0, 0, 1));
    assertThat(metrics.counter("scaler.disconnects.done").getCount()).isEqualTo(2);
    assertThat(await(redis.commands().zcard(keys.disconnected()))).isEqualTo(2);
  }

  @Test
  void every_participant_of_a_banned_user_is_found_and_one_who_joined_anew_after_a_kick_is_not() {
    connectAs("x1", "p1", "refreshed");
    connectAs("x2", "p2");
    unwanted(keys.disconnectBanned(), "p1", "x1", "u1");
    await(redis.commands().hset(keys.viewerBanned(), "u1", "0|1|x1|"));
    unwanted(keys.disconnectBanned(), "p0", "x2", "u2");
    present("u2", "p2", "a2");
    run();

    assertThat(connected()).containsExactly("p2");
    assertThat(queue.waiting()).as("to be searched for again").isEqualTo(new Waiting(2, 0, 0));

    connectAs("x1", "with-a-token-that-was-on-its-way");
    for (String search : await(redis.commands().zrange(keys.disconnectBanned(), 0, -1))) {
      await(redis.commands().zincrby(keys.disconnectBanned(), -60_000, search));
    }
    run();
    assertThat(connected()).containsExactly("p2");
    assertThat(queue.waiting()).isEqualTo(Waiting.NOBODY);
  }

  @Test
  void a_scaler_that_dies_after_the_call_leaves_it_to_the_next_one() {
    connect("p1", "p2");
    unwanted(keys.disconnectBanned(), "p1", "", "u1");
    simulator(
        "/_sim/faults", "{\"op\":\"DisconnectParticipant\",\"kind\":\"lost-answer\",\"times\":3}");
    disconnects.step(); // IVS did it, and nobody heard of it
    assertThat(connected()).containsExactly("p2");
    assertThat(queue.due().banned()).hasSize(1);

    assertThat(new Disconnects(queue, ivs, lease::token, PAUSE, scalerMetrics, time).step())
        .isEqualTo(Duration.ZERO);
    assertThat(queue.due().banned()).isEmpty();
    assertThat(connected()).containsExactly("p2");
  }

  @Test
  void a_banned_user_who_is_present_still_is_no_reason_to_wait_but_a_wanted_one_is_spared() {
    wantedOnesAreSpared();
  }

  private void wantedOnesAreSpared() {
    connect("banned", "kicked", "present", "joining", "offered");
    for (String name : List.of("banned", "kicked", "present", "joining", "offered")) {
      unwanted(keys.disconnectBanned(), name, "", name);
      unwanted(keys.disconnectSuperseded(), name, "", name);
    }
    for (String name : List.of("banned", "kicked", "present")) {
      present(name, name, "a" + name);
    }
    await(redis.commands().hset(keys.viewerBanned(), "banned", "0|1||"));
    await(redis.commands().zadd(keys.viewerKicked(), 9e15, "akicked"));
    await(redis.commands().hset(keys.viewerJoining(), "joining", "1-0|" + stage + "|joining|a"));
    await(redis.commands().hset(keys.viewerReserved(), "offered", "1|offered|" + stage));
    run();

    assertThat(connected()).containsExactly("joining", "offered", "present");
    assertThat(queue.waiting()).isEqualTo(Waiting.NOBODY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p == '' or is_banned(u, now) | p == ''",
        "joining_p == p and | false and",
        "here_p == p and not is_kicked(here_a, now) | here_p == p",
        "here_p == p and | false and",
        "return held_for == p | return false",
        "not p or is_wanted(p, u) | not p",
      },
      quoteCharacter = '"')
  void each_rule_of_who_is_wanted_is_needed(String rule, String without) {
    drop(rule, without);
    assertThat(catchThrowable(this::wantedOnesAreSpared))
        .as("nobody noticed")
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void who_was_superseded_may_go_by_itself_for_a_moment() {
    connect("p1");
    long now = Long.parseLong(await(redis.commands().time()).get(0)) * 1_000;
    await(redis.commands().zadd(keys.disconnectSuperseded(), (double) now, stage + "|p1||u1"));

    assertThat(disconnects.step()).isEqualTo(IDLE);
    assertThat(connected()).containsExactly("p1");
  }

  @Test
  void who_is_gone_already_is_done_and_what_nobody_can_read_is_dropped() {
    unwanted(keys.disconnectBanned(), "never-there", "", "u1");
    for (String damaged : List.of("damaged", "no-stage|p||u")) {
      await(redis.commands().zadd(keys.disconnectBanned(), (double) time.millis(), damaged));
    }
    run();

    assertThat(queue.waiting()).isEqualTo(Waiting.NOBODY);
    assertThat(calls("DisconnectParticipant")).isEqualTo(1);
  }

  @Test
  void a_throttle_makes_everybody_wait_and_loses_nobody() {
    connect("p1");
    unwanted(keys.disconnectBanned(), "p1", "", "u1");
    simulator(
        "/_sim/faults", "{\"op\":\"DisconnectParticipant\",\"kind\":\"throttle\",\"times\":6}");

    assertThat(disconnects.step()).isEqualTo(Duration.ofSeconds(1)); // the SDK tried three times
    assertThat(disconnects.step()).isEqualTo(Duration.ofSeconds(2));
    assertThat(disconnects.step()).isEqualTo(Duration.ZERO);
    assertThat(connected()).isEmpty();
  }

  @Test
  void whom_ivs_never_lets_go_is_given_up_and_keeps_nobody_waiting() {
    connect("p1", "p2");
    unwanted(keys.disconnectBanned(), "p1", "", "u1");
    simulator(
        "/_sim/faults",
        "{\"op\":\"DisconnectParticipant\",\"kind\":\"error\",\"status\":403,"
            + "\"type\":\"AccessDeniedException\",\"times\":5}");
    disconnects.step();
    assertThat(disconnects.step()).isEqualTo(IDLE); // not its turn yet
    for (int i = 0; i < 4; i++) {
      time.advance(Duration.ofSeconds(20));
      disconnects.step();
    }
    unwanted(keys.disconnectBanned(), "p2", "", "u2");
    run();

    assertThat(connected()).containsExactly("p1");
    assertThat(metrics.counter("scaler.disconnects.failed").getCount()).isEqualTo(1);
    assertThat(queue.waiting()).isEqualTo(Waiting.NOBODY);
  }

  @Test
  void a_scaler_that_does_not_act_calls_nothing() {
    connect("p1");
    unwanted(keys.disconnectBanned(), "p1", "", "u1");
    lease.giveBack();

    assertThat(disconnects.step()).isEqualTo(Duration.ofSeconds(1));
    assertThat(connected()).containsExactly("p1");
  }

  @Test
  void who_expired_and_is_gone_costs_no_call_and_who_is_still_there_one() {
    for (int i = 0; i < 1_200; i++) {
      unwanted(keys.disconnectExpired(), "gone" + i, "", "u" + i);
    }
    unwanted(keys.disconnectExpired(), "there", "", "v1");
    unwanted(keys.disconnectExpired(), "back", "", "v2");
    unwanted(keys.disconnectSuperseded(), "gone-too", "", "v3");
    present("v2", "back", "a2");
    await(
        redis
            .commands()
            .zadd(keys.disconnectExpired(), (double) time.millis(), stage + "|a-moment-ago||v4"));
    connect("there", "back", "refreshed");
    await(redis.commands().hset(keys.viewerBanned(), "v5", "0|1|x5|"));
    connectAs("x5", "p5");
    reconcile();
    run();

    assertThat(connected()).containsExactly("back", "refreshed");
    assertThat(calls("DisconnectParticipant")).isEqualTo(2);
    assertThat(queue.waiting()).isEqualTo(new Waiting(0, 0, 1));
  }

  private void reconcile() {
    StageMetadata master =
        new StageMetadata(
            "n", stage, false, time.instant(), StageMetadata.ACTIVE, 20_000, Optional.empty());
    await(redis.commands().hset(keys.scalerFleet(), stage.value(), master.toJson()));
    Reconciliation reconciliation =
        new Reconciliation(
            ivs,
            new SeatedAudience(redis, keys, lease::token),
            new StageRegistry(redis, keys, lease::token),
            new UnwantedOnStage(redis, keys, queue),
            new NoticeBoard(redis, keys, lease::token),
            lease::token,
            new Reconciliation.Settings(false, false, Duration.ofMinutes(5), IDLE),
            scalerMetrics,
            time);
    while (reconciliation.step().equals(IDLE)) {
      // until it is through
    }
  }

  private void run() {
    while (!disconnects.step().equals(IDLE)) {
      // until nobody is left
    }
  }

  private void connect(String... participants) {
    connectAs("", participants);
  }

  private void connectAs(String ivsUser, String... participants) {
    String user = ivsUser.isEmpty() ? "" : ",\"userId\":\"" + ivsUser + "\"";
    String crowd =
        Arrays.stream(participants)
            .map(participant -> "{\"participantId\":\"" + participant + "\"" + user + "}")
            .collect(Collectors.joining(","));
    simulator("/_sim/crowd", "{\"stageArn\":\"" + stage + "\",\"participants\":[" + crowd + "]}");
  }

  /** As IVS has it. */
  private Set<String> connected() {
    if (ivs.session(stage) instanceof IvsAnswer.Done<String> session
        && ivs.connected(stage, session.value(), Optional.empty())
            instanceof IvsAnswer.Done<StageAudience.Page> page) {
      return page.value().participants().stream()
          .map(StageAudience.Connected::participant)
          .collect(Collectors.toCollection(TreeSet::new));
    }
    throw new AssertionError("IVS does not answer");
  }

  private int calls(String operation) {
    return send(HttpRequest.newBuilder(at("/_sim/calls?op=" + operation)).build())
        .path("calls")
        .size();
  }

  private void simulator(String path, String body) {
    send(HttpRequest.newBuilder(at(path)).POST(BodyPublishers.ofString(body)).build());
  }

  private URI at(String path) {
    return URI.create(simulator.uri() + path);
  }

  private JsonNode send(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new ObjectMapper().readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void unwanted(String key, String participant, String ivsUser, String user) {
    String member = stage + "|" + participant + "|" + ivsUser + "|" + user;
    long recently = Instant.now().minus(Duration.ofMinutes(10)).toEpochMilli();
    await(redis.commands().zadd(key, (double) recently, member));
  }

  private void present(String user, String participant, String admission) {
    await(redis.commands().hset(keys.viewerSeat(), user, stage.value()));
    await(
        redis
            .commands()
            .hset(
                keys.heartbeats(stage),
                user,
                "{\"timestamp\":%1$d,\"participantId\":\"%2$s\",\"joinedAt\":%1$d,\"admission\":\"%3$s\"}"
                    .formatted(time.millis(), participant, admission)));
  }
}
