package io.fullhouse.deploy;

import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisOptions.AppendOnly;
import io.fullhouse.testing.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One whole run: starts everything in order, waits until it works, watches it, stops it in reverse.
 *
 * <p>{@link #start} and {@link #firstDeath} belong to one thread; {@link #stop} may be called by
 * any, at any time. What fails to start is said with an {@link UpException}; what runs by then
 * keeps running until {@link #stop}.
 */
final class AllInOne {
  private static final Duration POLL = Duration.ofMillis(250);

  private final Console console;
  private final UpOptions options;
  private final UpPorts ports;
  private final Map<String, String> environment;
  private final Path home;
  private final ServiceLogs logs;
  private final Stops stops;
  private final CompletableFuture<Death> firstDeath = new CompletableFuture<>();

  /** Never closed: it stays locked until this JVM, and with it Redis, has ended. */
  private Optional<DataDirectory> data = Optional.empty();

  /** What ended by itself, and the last it wrote. */
  record Death(String what, List<String> tail) {}

  AllInOne(
      Console console,
      UpOptions options,
      UpPorts ports,
      Map<String, String> environment,
      Path home) {
    this.console = console;
    this.options = options;
    this.ports = ports;
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.logs = new ServiceLogs(console, options.logs());
    this.stops = new Stops(console);
  }

  /**
   * Starts everything; returns when a join would succeed.
   *
   * @throws UpException when it cannot be started, dies, or takes too long
   */
  void start() throws InterruptedException {
    String givenRedis = environment.getOrDefault("REDIS_URL", "");
    ports.check(givenRedis.isEmpty());
    data = options.data().map(DataDirectory::open);
    String redisUrl = givenRedis.isEmpty() ? startRedis() : givenRedis;
    SimulatedAws aws =
        SimulatedAws.start(ports.simulator(), environment, data.map(DataDirectory::account));
    stops.add("the simulator", aws::close);
    console.say(
        "simulated IVS and EventBridge on %s, master stage %s".formatted(aws.url(), aws.master()));

    DevelopmentKeys keys = DevelopmentKeys.from(environment);
    ServicePlan plan =
        new ServicePlan(home, ports, redis(givenRedis, redisUrl), aws.url(), aws.master());
    plan.counters().forEach(this::startService);
    startService(plan.scaler());
    String gateway = "http://localhost:" + ports.http();
    try (SimulatedTokenKey tokenKey = tokenKey(plan)) {
      startService(plan.gateway(keys.setting(), seatSecrets(), tokenKey.settings()));
      awaitReady(new GatewayProbe(gateway, keys.with("stats"), aws.master().value()));
    }
    keys.with("events").ifPresent(key -> aws.deliverTo(gateway + "/api/events/ivs", key));
    console.plain(
        "ready  gateway %s  key %s  demo %s/demo  health http://localhost:%d  simulator %s  redis %s"
            .formatted(
                gateway,
                keys.describe(),
                gateway,
                ports.gatewayAdmin(),
                aws.url(),
                givenRedis.isEmpty() ? redisUrl : "(yours, from REDIS_URL)"));
  }

  private SimulatedTokenKey tokenKey(ServicePlan plan) throws InterruptedException {
    if (!SimulatedTokenKey.isWanted(environment)) {
      return SimulatedTokenKey.none();
    }
    console.say("making a key for self-signed tokens");
    return SimulatedTokenKey.importInto(plan, data);
  }

  private String startRedis() {
    RedisOptions defaults =
        RedisOptions.defaults().withPort(ports.redis()).withAppendOnly(AppendOnly.EVERY_SECOND);
    RedisProcess redis =
        launchRedis(
            data.map(directory -> defaults.withDirectory(directory.redis())).orElse(defaults));
    stops.add(
        "Redis",
        () -> {
          redis.stop();
          redis.close();
        });
    watch(
        redis
            .onExit()
            .thenApply(code -> new Death("Redis ended with exit code " + code, List.of())));
    console.say(
        "Redis is %s; look at it with: redis-cli -p %d"
            .formatted(redis.executable().describe(), redis.port()));
    return redis.uri();
  }

  /** A password meant for another Redis is not for ours, which would refuse it. */
  private static Map<String, String> redis(String given, String url) {
    return given.isEmpty() ? Map.of("REDIS_URL", url, "REDIS_PASSWORD", "") : Map.of();
  }

  private static RedisProcess launchRedis(RedisOptions options) {
    try {
      return RedisProcess.start(options);
    } catch (IllegalStateException e) {
      throw UpException.failed(String.valueOf(e.getMessage()));
    }
  }

  private String seatSecrets() {
    String given = environment.getOrDefault("SEAT_SECRETS", "");
    if (!given.isEmpty()) {
      return given;
    }
    return data.map(DataDirectory::seatSecrets).orElseGet(DataDirectory::randomSeatSecrets);
  }

  private void startService(ServiceSpec spec) {
    console.say("starting " + spec.name());
    Service service = Service.start(spec, home, logs.of(spec.name()));
    stops.add(spec.name(), service::stop);
    watch(service.death().thenApply(what -> new Death(what, service.tail())));
  }

  private void watch(CompletableFuture<Death> death) {
    CompletableFuture<Void> unused = death.thenAccept(firstDeath::complete);
  }

  private void awaitReady(GatewayProbe probe) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.timeoutSeconds());
    Optional<String> obstacle = probe.obstacle();
    while (obstacle.isPresent()) {
      Optional<Death> death = deathWithin(POLL);
      if (death.isPresent()) {
        throw UpException.failed(describe(death.get()));
      }
      if (System.nanoTime() > deadline) {
        throw UpException.failed(
            "not ready after %d s: %s".formatted(options.timeoutSeconds(), obstacle.get()));
      }
      obstacle = probe.obstacle();
    }
  }

  private Optional<Death> deathWithin(Duration wait) throws InterruptedException {
    try {
      return Optional.of(firstDeath.get(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String describe(Death death) {
    StringBuilder text = new StringBuilder(death.what());
    if (!death.tail().isEmpty()) {
      text.append("; the last it wrote:");
      death.tail().forEach(line -> text.append("\n  | ").append(line));
    }
    return text.toString();
  }

  /** Waits until something ends by itself, and says what. */
  String firstDeath() throws InterruptedException {
    try {
      return describe(firstDeath.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether {@link #stop} has been called: what ends from then on was told to. */
  boolean stopping() {
    return stops.stopped();
  }

  /** Stops everything in order: who takes requests first, Redis last. */
  void stop() {
    stops.stopAll();
  }
}
