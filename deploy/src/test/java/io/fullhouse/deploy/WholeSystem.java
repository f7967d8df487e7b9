package io.fullhouse.deploy;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayClient.Answer;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisOptions.AppendOnly;
import io.fullhouse.testing.RedisProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole system on this machine, as it runs anywhere else: each service its own jar and process,
 * a real Redis, two counter workers; only AWS is simulated, without its rate limits.
 */
final class WholeSystem implements AutoCloseable {
  static final String MASTER_ID = "Master";
  static final List<String> EXTRA_STAGE_IDS = List.of("Second", "Third");

  /** With every scope, and two with one each. */
  static final String KEY = "test-key";

  static final String STATS_KEY = "test-key-for-statistics";
  static final String JOIN_KEY = "test-key-for-joins";
  static final String SEAT_SECRET = "a-secret-of-this-test-only";

  private static final Duration START_BOUND = Duration.ofMinutes(3);
  private static final String API_KEYS =
      "test:%s,statistics:%s:stats,backend:%s:join".formatted(KEY, STATS_KEY, JOIN_KEY);
  private static final String SEAT_SECRETS = "one:" + SEAT_SECRET;

  private final RedisProcess redis;
  private final Broadcast broadcast = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private final Redis client;
  private final IvsSimulator aws = startAws();
  private final UpPorts ports;
  private final List<ServiceProcess> workers = new ArrayList<>();
  private final List<ServiceProcess> furtherGateways = new ArrayList<>();
  private final Map<String, String> settings;
  private final SimulatedTokenKey tokenKey;
  private final ServiceProcess gateway;

  /**
   * Starts all; returns when it would seat a viewer.
   *
   * @param settings of all services, by environment variable
   */
  WholeSystem(Map<String, String> settings) {
    this(settings, AppendOnly.OFF);
  }

  /**
   * The same.
   *
   * @param appendOnly what Redis writes down before it answers: a test that does not kill it should
   *     not have to wait for the disk either
   */
  WholeSystem(Map<String, String> settings, AppendOnly appendOnly) {
    ServiceArchives.make();
    redis = RedisProcess.start(RedisOptions.defaults().withAppendOnly(appendOnly));
    client = Redis.create(RedisSettings.parse(redis.uri(), null, broadcast));
    ports = new UpPorts(FreePort.find(), FreePort.find(), List.of(0, 0), 0, 0, redis.port());
    Map<String, String> all = new HashMap<>();
    all.put("IVS_TOKENS_PER_SECOND", "10000"); // the simulator's own limit is off, too
    all.put("RATE_LIMITS", "off"); // one machine asks for a whole audience, as fast as it can
    all.putAll(settings);
    all.put("REDIS_URL", redis.uri());
    all.putIfAbsent("MAX_STAGES", "1"); // stages are registered by the test itself
    all.put("JAVA_TOOL_OPTIONS", JavaCommand.OPTIONS);
    this.settings = Map.copyOf(all);
    ServicePlan plan = plan(ports);
    tokenKey = tokenKey(plan, all);
    plan.counters().forEach(spec -> workers.add(ServiceProcess.start(spec)));
    workers.add(ServiceProcess.start(plan.scaler()));
    gateway = ServiceProcess.start(plan.gateway(API_KEYS, SEAT_SECRETS, tokenKey.settings()));
    awaitReady();
  }

  private ServicePlan plan(UpPorts where) {
    return new ServicePlan(ServiceProcess.HOME, where, settings, aws.uri().toString(), master());
  }

  /**
   * Starts one more gateway of the same broadcast; returns when it would seat a viewer.
   *
   * @param different from what the first was told
   */
  GatewayClient startGateway(Map<String, String> different) {
    UpPorts own = new UpPorts(FreePort.find(), FreePort.find(), List.of(), 0, 0, redis.port());
    furtherGateways.add(ServiceProcess.start(plan(own).gateway(API_KEYS, SEAT_SECRETS, different)));
    URI uri = URI.create("http://127.0.0.1:" + own.http());
    awaitReady(uri);
    return new GatewayClient(uri, KEY);
  }

  private static SimulatedTokenKey tokenKey(ServicePlan plan, Map<String, String> settings) {
    if (!SimulatedTokenKey.isWanted(settings)) {
      return SimulatedTokenKey.none();
    }
    try {
      return SimulatedTokenKey.importInto(plan, Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static IvsSimulator startAws() {
    SimulatorOptions options =
        SimulatorOptions.defaults().withoutRateLimits().withStage(MASTER_ID, "master");
    for (String id : EXTRA_STAGE_IDS) {
      options = options.withStage(id, id);
    }
    return IvsSimulator.start(options);
  }

  /** Waits until a join would succeed. */
  void awaitReady() {
    awaitReady(gatewayUri());
  }

  private void awaitReady(URI uri) {
    GatewayProbe probe = new GatewayProbe(uri.toString(), Optional.of(KEY), master().value());
    await()
        .atMost(START_BOUND)
        .until(
            () -> {
              if (!allAlive()) {
                throw new AssertionError(describe());
              }
              return probe.obstacle().isEmpty();
            });
  }

  StageArn master() {
    return new StageArn(aws.stageArn(MASTER_ID));
  }

  List<StageArn> extraStages() {
    return EXTRA_STAGE_IDS.stream().map(id -> new StageArn(aws.stageArn(id))).toList();
  }

  URI gatewayUri() {
    return URI.create("http://127.0.0.1:" + ports.http());
  }

  URI simulatorUri() {
    return aws.uri();
  }

  GatewayClient gatewayClient() {
    return new GatewayClient(gatewayUri(), KEY);
  }

  /** Sends every stage away but the master; whether it is alone. The scaler may be at it, too. */
  boolean isDrainedToMaster() throws InterruptedException {
    GatewayClient client = gatewayClient();
    Answer list = client.get("/api/stage/list");
    boolean alone = list.isOk();
    for (JsonNode stage : list.data("stages")) {
      StageArn arn = new StageArn(stage.path("stageArn").asText());
      if (!arn.equals(master())) {
        alone = false;
        client.delete("/api/stage/" + arn.id() + "?drain=true");
      }
    }
    return alone;
  }

  /** The simulator's steering. */
  Answer steer(String path, Map<String, ?> body) throws InterruptedException {
    return simulator().post("/_sim" + path, body);
  }

  /** The simulator, as its own API and its steering see it. */
  GatewayClient simulator() {
    return new GatewayClient(aws.uri(), KEY);
  }

  /** Threads of the gateway's process. */
  int gatewayThreads() throws InterruptedException {
    URI admin = URI.create("http://127.0.0.1:" + ports.gatewayAdmin());
    Answer metrics = new GatewayClient(admin, KEY).get("/metrics");
    return metrics.body().path("gauges").path("jvm.threads.count").path("value").asInt(-1);
  }

  ServiceProcess gateway() {
    return gateway;
  }

  ServiceProcess scaler() {
    return workers.get(workers.size() - 1);
  }

  List<ServiceProcess> counters() {
    return workers.subList(0, workers.size() - 1);
  }

  RedisProcess redis() {
    return redis;
  }

  /** A connection of the test's own. */
  Redis client() {
    return client;
  }

  RedisKeys keys() {
    return RedisKeys.of(broadcast);
  }

  /** Whether every process runs. */
  boolean allAlive() {
    return Stream.of(List.of(gateway), furtherGateways, workers)
        .flatMap(List::stream)
        .allMatch(ServiceProcess::isAlive);
  }

  /** What the services wrote last. */
  String describe() {
    StringBuilder text = new StringBuilder(gateway.describe());
    furtherGateways.forEach(further -> text.append('\n').append(further.describe()));
    workers.forEach(worker -> text.append('\n').append(worker.describe()));
    return text.toString();
  }

  @Override
  public void close() {
    gateway.close();
    furtherGateways.forEach(ServiceProcess::close);
    workers.forEach(ServiceProcess::close);
    client.close();
    tokenKey.close();
    aws.close();
    redis.close();
  }
}
