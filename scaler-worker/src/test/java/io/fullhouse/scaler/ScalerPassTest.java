package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.scaler.Loads.LIMITS;
import static io.fullhouse.scaler.Loads.MASTER;
import static io.fullhouse.scaler.Loads.arn;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.MetricRegistry;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.PrewarmWindow;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.redis.AccountUsage;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.StreamConsumer;
import io.fullhouse.redis.Wakeup;
import io.fullhouse.scaler.StageFleet.Lookup;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Master stage, counts and policy together on a real Redis, step by step. */
@ExtendWith(RedisExtension.class)
final class ScalerPassTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final MutableTime time = MutableTime.fromNow();
  private final ScalerMetrics metrics = new ScalerMetrics(new MetricRegistry());
  private final Wakeup wakeup = new Wakeup();
  private final ViewerCountHandler counts =
      new ViewerCountHandler(wakeup::call, wakeup::call, metrics);
  private final Logger decisions = (Logger) LoggerFactory.getLogger(DecisionLog.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final StubIvs ivs = new StubIvs();
  private final StageFleet fleet =
      new IvsStageFleet(
          IvsCalls.create(
              Region.US_EAST_1,
              StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
              ivs.uri(),
              Optional::empty),
          time);
  private final StageOpener opener;
  private final Lease lease;
  private final Redis redis;
  private final RedisKeys keys;
  private final StreamConsumer consumer;
  private final ScalerPass pass;

  ScalerPassTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.consumer = new StreamConsumer(redis, keys, keys.counts(), "scaler", "test", counts, time);
    this.lease = TestLease.held(redis, keys);
    StageRegistry registry = new StageRegistry(redis, keys, lease::token);
    MasterStage master =
        new MasterStage(
            MASTER, 50, registry, new StageMetadataStore(redis, keys, metrics), time, metrics);
    master.lookedUp(new Lookup.Found("main-show", Optional.empty()));
    OwnerTags tags = new OwnerTags(new Broadcast(new BroadcastId("main"), "ivs:prod:"), MASTER);
    PublisherReplicas replicas = new PublisherReplicas(fleet, 5);
    FleetDoors doors = new FleetDoors(fleet, registry, replicas, MASTER, Optional.empty());
    opener = new StageOpener(fleet, registry, tags, MASTER, 50, time);
    this.pass =
        new ScalerPass(
            master,
            registry,
            lease,
            new ScalerPass.Fleet(
                opener,
                doors,
                replicas,
                new FleetInventory(fleet, registry, tags, MASTER, 50),
                new NoticeBoard(redis, keys, lease::token),
                new OperatorCommands(
                    new CommandQueue(redis, keys, lease::token),
                    fleet,
                    registry,
                    opener,
                    doors,
                    new ReplicationCommands(
                        new CommandQueue(redis, keys, lease::token), registry, replicas),
                    MASTER,
                    LIMITS)),
            new Foresight(
                new JoinRate(Duration.ofSeconds(30), Duration.ofSeconds(60)),
                PrewarmSchedule.NONE,
                LIMITS,
                MASTER),
            new Account(
                redis,
                new AccountUsage(
                    AccountKeys.of("ivs:account:", MASTER),
                    new Broadcast(new BroadcastId("main"), "ivs:prod:")),
                new CallBudget("ivs:account:calls", 4, 4)),
            new Board(
                redis,
                keys,
                lease::token,
                new BoardText(
                    LIMITS,
                    PrewarmSchedule.NONE,
                    4,
                    Optional::empty,
                    () -> DisconnectQueue.Waiting.NOBODY)),
            counts,
            LIMITS,
            INTERVAL,
            wakeup,
            new AtomicBoolean(),
            metrics,
            time);
  }

  @BeforeEach
  void listen() {
    lease.step();
    said.start();
    decisions.setLevel(Level.INFO);
    decisions.addAppender(said);
  }

  @AfterEach
  void close() {
    decisions.detachAppender(said);
    decisions.setLevel(null);
    consumer.close();
    opener.close();
    fleet.close();
    ivs.close();
  }

  @Test
  void holds_until_the_fold_has_heard_of_the_world() throws InterruptedException {
    pass.step();

    assertThat(lines()).containsExactly("holding: there are no counts yet; " + numbers(0, 1));
  }

  @Test
  void holds_when_the_fold_has_stopped() throws InterruptedException {
    folded(45, redisMillis() - 31_000);
    pass.step();

    assertThat(lines()).hasSize(1);
    assertThat(lines().get(0)).startsWith("holding: the counts do not move");
  }

  @Test
  void asks_ivs_once_for_each_stage_that_is_missing() throws InterruptedException {
    folded(90, redisMillis());
    for (int i = 0; i < 3; i++) {
      pass.step();
    }

    assertThat(lines())
        .hasSize(2) // then it holds: they are on their way
        .first()
        .isEqualTo("scaling out to 3 stages: demand is above the scale-up line; " + numbers(90, 1));
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/CreateStage")).hasSize(2);
    assertThat(await(redis.commands().hlen(keys.scalerIntents()))).isEqualTo(2);
    assertThat(await(redis.commands().zcard(keys.stages()))).isEqualTo(1);
  }

  @Test
  void seats_that_an_operator_wants_are_asked_for_before_anybody_comes()
      throws InterruptedException {
    folded(0, redisMillis());
    await(redis.commands().set(keys.scalerFloor(), "not a schedule"));
    pass.step();
    assertThat(ivs.calls()).noneMatch(call -> call.startsWith("/CreateStage"));

    PrewarmWindow window = new PrewarmWindow(150, Optional.empty(), Optional.empty());
    await(redis.commands().set(keys.scalerFloor(), new PrewarmSchedule(List.of(window)).toJson()));
    pass.step();

    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/CreateStage")).hasSize(2);
  }

  @Test
  void a_crowd_that_will_be_there_before_a_stage_is_is_expected() throws InterruptedException {
    folded(1, redisMillis());
    pass.step();
    folded(30, redisMillis()); // below the line, and 29 more will come while a stage opens
    pass.step();

    assertThat(lines()).last().asString().startsWith("scaling out to 2 stages");
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/CreateStage")).hasSize(1);
  }

  @Test
  void a_stage_that_waits_for_its_publisher_is_not_asked_for_again() throws InterruptedException {
    folded(45, redisMillis());
    StageMetadata waiting =
        new StageMetadata(
            "n", arn(1), true, time.instant(), StageMetadata.CREATING, 50, Optional.empty());
    await(redis.commands().hset(keys.scalerFleet(), arn(1).value(), waiting.toJson()));
    StageLoad load = new StageRegistry(redis, keys, Optional::empty).observe().load();

    assertThat(load.preparing()).isEqualTo(1);
    assertThat(load.existing()).isEqualTo(1);
  }

  @Test
  void leaves_the_fleet_alone_at_an_operators_word() throws InterruptedException {
    folded(90, redisMillis());
    await(redis.commands().set(keys.scalerMode(), "hold"));
    pass.step();

    assertThat(ivs.calls()).noneMatch(call -> call.startsWith("/CreateStage"));
  }

  @Test
  void says_a_decision_once_for_as_long_as_it_stays() throws InterruptedException {
    for (int viewers = 10; viewers < 13; viewers++) {
      folded(viewers, redisMillis());
      pass.step();
      time.advance(INTERVAL);
    }
    assertThat(lines()).hasSize(1);

    folded(45, redisMillis());
    pass.step();
    assertThat(lines()).hasSize(2).last().asString().startsWith("scaling out to 2 stages");
  }

  @Test
  void a_count_above_the_line_calls_for_a_pass() throws InterruptedException {
    folded(1, redisMillis());
    pass.step();
    consumer.step();
    assertThat(wakeup.take()).isTrue(); // the group is new
    folded(41, redisMillis());
    consumer.step();

    assertThat(wakeup.take()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "before there were versions", // and fields that may be missing
        "v=0",
        "v=1 publisher=live", // as every release so far
        "v=2 rate=7 publisher=live", // the next one adds something
        "v=2 min=1",
        "v=9 min=1"
      })
  void counts_of_neighbouring_versions_are_read_and_decided_on(String shape)
      throws InterruptedException {
    folded(1, redisMillis());
    pass.step();
    consumer.step();
    wakeup.take();
    folded(45, redisMillis(), shape);
    consumer.step();

    assertThat(counts.totalViewers()).isEqualTo(45);
    assertThat(counts.viewers(MASTER)).hasValue(45);
    assertThat(wakeup.take()).as("a pass is called for").isTrue();
    pass.step();
    assertThat(lines()).last().asString().startsWith("scaling out to 2 stages");
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/CreateStage")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"v=2 min=2", "v=3", "v=9 min=4 rate=7"})
  void counts_that_may_mean_something_else_hold_the_scaler_until_others_follow(String shape)
      throws InterruptedException {
    folded(1, redisMillis());
    pass.step();
    consumer.step();
    wakeup.take();
    folded(45, redisMillis(), shape);
    consumer.step();

    assertThat(counts.totalViewers()).isEqualTo(1);
    assertThat(metrics.countsSkipped.getCount()).isEqualTo(1);
    assertThat(wakeup.take()).isFalse();
    pass.step();
    assertThat(lines())
        .last()
        .asString()
        .startsWith("holding: the counts are of a version that this scaler does not know")
        .endsWith(", version " + shape.charAt(2));
    assertThat(await(redis.commands().get(keys.scalerState()))).contains("UNKNOWN_COUNTS");
    assertThat(await(redis.commands().hget(keys.scalerNoticed(), "scaling")))
        .isEqualTo("UNKNOWN_COUNTS");
    assertThat(ivs.calls()).noneMatch(call -> call.startsWith("/CreateStage"));

    await(redis.commands().xadd(keys.counts(), Map.of("v", "of somebody's own")));
    pass.step();
    assertThat(await(redis.commands().get(keys.scalerState()))).doesNotContain("UNKNOWN_COUNTS");
    folded(45, redisMillis());
    consumer.step();
    assertThat(counts.totalViewers()).isEqualTo(45);
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/CreateStage")).hasSize(1);
    assertThat(await(redis.commands().hexists(keys.scalerNoticed(), "scaling"))).isFalse();
  }

  @Test
  void ivs_is_asked_for_its_stages_in_each_interval_and_not_between() throws InterruptedException {
    pass.step();
    time.advance(INTERVAL.minusMillis(1));
    pass.step();
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/ListStages")).hasSize(1);

    time.advance(Duration.ofMillis(1));
    pass.step();
    assertThat(ivs.calls()).filteredOn(call -> call.startsWith("/ListStages")).hasSize(2);
  }

  @Test
  void everything_is_back_at_once_after_all_data_was_lost() throws InterruptedException {
    folded(3, redisMillis());
    pass.step();
    consumer.step();
    await(redis.commands().flushall());
    await(redis.commands().hset(keys.heartbeats(MASTER), Map.of("anna", "{}")));

    consumer.step();
    consumer.step();
    pass.step(); // the lease is gone too
    pass.step();

    assertThat(await(redis.commands().zscore(keys.stages(), MASTER.value()))).isEqualTo(1);
    assertThat(await(redis.commands().exists(keys.stageMetadata(MASTER)))).isEqualTo(1);
    assertThat(await(redis.commands().xinfoGroups(keys.counts()))).hasSize(1);
    assertThat(lines()).last().asString().startsWith("holding: there are no counts yet");
  }

  @Test
  void a_count_that_somebody_damaged_holds() throws InterruptedException {
    folded(45, redisMillis());
    await(redis.commands().set(keys.viewers(MASTER), "many"));
    pass.step();
    assertThat(lines()).last().asString().startsWith("holding: the counts contradict each other");

    await(redis.commands().del(keys.viewers(MASTER)));
    await(redis.commands().lpush(keys.viewers(MASTER), "x"));
    time.advance(INTERVAL);
    pass.step();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void reads_the_states_of_all_stages() throws InterruptedException {
    pass.step();
    await(redis.commands().zadd(keys.stages(), 4, arn(1).value()));
    await(redis.commands().zadd(keys.stagesClosing(), 2, arn(2).value()));
    await(redis.commands().zadd(keys.stages(), 1, "not an arn"));
    await(redis.commands().sadd(keys.viewerStages(), arn(1).value(), arn(3).value()));
    await(redis.commands().set(keys.viewers(arn(3)), "6"));
    StageLoad load = new StageRegistry(redis, keys, Optional::empty).observe().load();

    assertThat(load.stages())
        .extracting(stage -> stage.arn() + " " + stage.state() + " " + stage.taken())
        .containsExactlyInAnyOrder(
            MASTER + " OPEN 0",
            arn(1) + " OPEN 4",
            arn(2) + " CLOSING 2",
            arn(3) + " UNREGISTERED 0");
    assertThat(load.open()).isEqualTo(2);
    assertThat(load.stages().get(load.stages().size() - 1).viewers()).isEqualTo(6);
  }

  @Test
  void an_operator_sees_each_decision_once_and_the_state_in_each_pass()
      throws InterruptedException {
    folded(10, redisMillis());
    pass.step();
    pass.step();
    assertThat(await(redis.commands().xlen(keys.scalerDecisions()))).isEqualTo(1);
    String state = await(redis.commands().get(keys.scalerState()));
    assertThat(state)
        .contains("\"maxStages\":{\"setting\":\"MAX_STAGES\"", "\"capacityLine\":\"can seat")
        .contains("\"callBudget\":{\"perSecond\":4.0,\"left\":4}", "\"desired\":1,");
    assertThat(await(redis.commands().ttl(keys.scalerState()))).isPositive();

    folded(45, redisMillis());
    pass.step();
    assertThat(await(redis.commands().xrevrange(keys.scalerDecisions(), Range.unbounded())))
        .first()
        .extracting(entry -> String.valueOf(entry.getBody().get("json")))
        .asString()
        .contains("\"action\":\"scale-out\"", "\"desired\":2", "\"viewers\":45");
  }

  @Test
  void what_keeps_the_house_from_growing_is_told_while_it_does() throws InterruptedException {
    folded(10_000, redisMillis());
    pass.step();
    assertThat(await(redis.commands().exists(keys.scalerLimit()))).as("some are coming").isZero();
    await(redis.commands().del(keys.scalerIntents()));
    for (int i = 1; i < LIMITS.maxStages(); i++) {
      await(redis.commands().zadd(keys.stages(), 50, arn(i).value()));
    }
    pass.step();
    assertThat(await(redis.commands().get(keys.scalerLimit()))).isEqualTo("MAX_STAGES");
    assertThat(await(redis.commands().ttl(keys.scalerLimit()))).isPositive();

    await(redis.commands().set(keys.scalerMode(), "hold"));
    pass.step();
    assertThat(await(redis.commands().get(keys.scalerLimit()))).isEqualTo("HOLD");

    await(redis.commands().del(keys.scalerMode()));
    for (int i = 1; i < LIMITS.maxStages(); i++) {
      await(redis.commands().zadd(keys.stages(), 0, arn(i).value()));
    }
    folded(1, redisMillis());
    pass.step();
    assertThat(await(redis.commands().exists(keys.scalerLimit()))).isZero();
  }

  @Test
  void a_scaler_that_was_fenced_off_tells_nothing() throws InterruptedException {
    folded(10, redisMillis());
    await(redis.commands().set(keys.scalerLease(), "2|another"));
    pass.step();

    assertThat(await(redis.commands().exists(keys.scalerState(), keys.scalerDecisions()))).isZero();
  }

  @Test
  void at_a_planned_end_the_publisher_goes_once_and_the_stages_of_the_scaler_drain()
      throws InterruptedException {
    folded(10, redisMillis());
    await(redis.commands().hset(keys.fold(), "publisher:anna", "p1|" + MASTER + "|token|1"));
    StageMetadata extra =
        new StageMetadata(
            "n", arn(1), true, time.instant(), StageMetadata.ACTIVE, 50, Optional.empty());
    await(redis.commands().hset(keys.scalerFleet(), arn(1).value(), extra.toJson()));
    await(redis.commands().zadd(keys.stages(), 3, arn(1).value()));
    await(redis.commands().set(keys.broadcastEnd(), Long.toString(redisMillis() + 3_600_000)));
    pass.step();
    assertThat(await(redis.commands().xlen(keys.events()))).isZero();

    await(redis.commands().set(keys.broadcastEnd(), "1"));
    pass.step();
    pass.step();
    assertThat(await(redis.commands().xlen(keys.events()))).isEqualTo(1);
    assertThat(await(redis.commands().zscore(keys.stagesClosing(), arn(1).value()))).isEqualTo(3);
    assertThat(await(redis.commands().get(keys.stageMetadata(arn(1)))))
        .contains("\"state\":\"draining\"", "the broadcast has ended");
    assertThat(await(redis.commands().zscore(keys.stages(), MASTER.value()))).isZero();
  }

  /** As the fold leaves things: so many viewers on the master, its clock at that time. */
  private void folded(long viewers, long clockMillis) {
    folded(viewers, clockMillis, "v=1");
  }

  /**
   * The same by a fold of another version.
   *
   * @param shape fields of its counts beside the numbers; what is no field is left out
   */
  private void folded(long viewers, long clockMillis, String shape) {
    String count = Long.toString(viewers);
    await(redis.commands().set(keys.totalViewers(), count));
    await(redis.commands().set(keys.viewers(MASTER), count));
    await(redis.commands().set(keys.position(), "7-0"));
    await(redis.commands().hset(keys.fold(), "clock", Long.toString(clockMillis)));
    Map<String, String> fields = new HashMap<>();
    fields.putAll(Map.of("at", "7-0", "total", count, MASTER.value(), count));
    for (String field : shape.split(" ", -1)) {
      List<String> parts = List.of(field.split("=", 2));
      if (parts.size() == 2) {
        fields.put(parts.get(0), parts.get(1));
      }
    }
    await(redis.commands().xadd(keys.counts(), fields));
  }

  private long redisMillis() {
    List<String> now = await(redis.commands().time());
    return Long.parseLong(now.get(0)) * 1000 + Long.parseLong(now.get(1)) / 1000;
  }

  private static String numbers(long viewers, int open) {
    return "viewers %d, seats taken 0 of %d, open stages %d, counts as of %s"
        .formatted(viewers, 50 * open, open, viewers == 0 ? "0-0" : "7-0");
  }

  private List<String> lines() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
