package io.fullhouse.scaler;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.dropwizard.lifecycle.Managed;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountUsage;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.StreamConsumer;
import io.fullhouse.redis.Wakeup;
import io.fullhouse.redis.WorkerLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** The scaler worker: all its wiring, in reading order. */
public final class ScalerApplication extends Application<ScalerConfiguration> {
  private static final String GROUP = "scaler";

  /** Every step has a bound of a few seconds: one that takes this long hangs. */
  private static final Duration HANGING = Duration.ofSeconds(30);

  /** How long nobody acts when the scaler that did is killed. */
  private static final Duration LEASE_LIFE = Duration.ofSeconds(10);

  /** After data was lost, every living viewer is counted again within its heartbeat timeout. */
  private static final Duration AUDIENCE_RETURNS = Duration.ofSeconds(60);

  private static final Duration STANDBY_PAUSE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(ScalerApplication.class);

  public static void main(String[] arguments) throws Exception {
    new ScalerApplication().run(arguments);
  }

  @Override
  public String getName() {
    return "scaler-worker";
  }

  @Override
  public void initialize(Bootstrap<ScalerConfiguration> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(),
            new EnvironmentSubstitutor(System.getenv())));
  }

  @Override
  protected void addDefaultCommands(Bootstrap<ScalerConfiguration> bootstrap) {
    bootstrap.addCommand(new StartCommand(this));
  }

  @Override
  public void run(ScalerConfiguration configuration, Environment environment) {
    ScalingLimits limits = configuration.limits();
    StageArn masterArn = configuration.masterStage();
    Reconciliation.Settings comparing = configuration.reconciliation();
    InstantSource time = InstantSource.system();
    ScalerMetrics metrics = new ScalerMetrics(environment.metrics());

    RedisKeys keys = RedisKeys.of(configuration.broadcast());
    Redis redis = Redis.create(configuration.redis());
    Wakeup passWakeup = new Wakeup();
    Lease lease = new Lease(redis, keys, name(), LEASE_LIFE, passWakeup::call);
    StageRegistry registry = new StageRegistry(redis, keys, lease::token);
    StageMetadataStore metadata = new StageMetadataStore(redis, keys, metrics);
    CallGate gate = new CallGate(redis, configuration.callBudget(), lease::token);
    IvsCalls calls =
        IvsCalls.create(
            configuration.region(), credentials(configuration.mode()), null, gate::pass);
    StageFleet ivs = new IvsStageFleet(calls, time);

    MasterStage master =
        new MasterStage(masterArn, limits.stageCapacity(), registry, metadata, time, metrics);
    MasterStageLookup lookup =
        new MasterStageLookup(
            ivs, masterArn, master, configuration.interval(), passWakeup, metrics);
    OwnerTags tags = new OwnerTags(configuration.broadcast(), masterArn);
    PublisherReplicas replicas = new PublisherReplicas(ivs, configuration.replicaLimit());
    StageOpener opener =
        new StageOpener(ivs, registry, tags, masterArn, limits.stageCapacity(), time);
    FleetDoors doors =
        new FleetDoors(ivs, registry, replicas, masterArn, configuration.drainDeadline());
    FleetInventory inventory =
        new FleetInventory(ivs, registry, tags, masterArn, limits.stageCapacity());
    CommandQueue queue = new CommandQueue(redis, keys, lease::token);
    OperatorCommands commands =
        new OperatorCommands(
            queue,
            ivs,
            registry,
            opener,
            doors,
            new ReplicationCommands(queue, registry, replicas),
            masterArn,
            limits);
    AtomicBoolean dataLost = new AtomicBoolean();
    ViewerCountHandler counts =
        new ViewerCountHandler(
            passWakeup::call,
            () -> {
              dataLost.set(true);
              passWakeup.call();
            },
            metrics);
    StreamConsumer consumer =
        new StreamConsumer(redis, keys, keys.counts(), GROUP, name(), counts, time);
    StageAudience audience = new IvsStageAudience(calls, time);
    DisconnectQueue unwanted = new DisconnectQueue(redis, keys, lease::token);
    Disconnects disconnects =
        new Disconnects(
            unwanted, audience, lease::token, configuration.disconnectPause(), metrics, time);
    Reconciliation reconciliation =
        new Reconciliation(
            audience,
            new SeatedAudience(redis, keys, lease::token),
            registry,
            new UnwantedOnStage(redis, keys, unwanted),
            new NoticeBoard(redis, keys, lease::token),
            lease::token,
            comparing,
            metrics,
            time);
    Board board =
        new Board(
            redis,
            keys,
            lease::token,
            new BoardText(
                limits,
                configuration.prewarm(),
                configuration.callBudget().perSecond(),
                reconciliation::last,
                unwanted::waiting));
    ScalerPass pass =
        new ScalerPass(
            master,
            registry,
            lease,
            new ScalerPass.Fleet(
                opener,
                doors,
                replicas,
                inventory,
                new NoticeBoard(redis, keys, lease::token),
                commands),
            new Foresight(
                new JoinRate(configuration.joinRateWindow(), AUDIENCE_RETURNS),
                configuration.prewarm(),
                limits,
                masterArn),
            new Account(
                redis,
                new AccountUsage(configuration.account(), configuration.broadcast()),
                configuration.callBudget()),
            board,
            counts,
            limits,
            configuration.interval(),
            passWakeup,
            dataLost,
            metrics,
            time);

    WorkerLoop leases =
        new WorkerLoop(
            "scaler-lease", new Wakeup(), HANGING, metrics.stepsFailed::inc, lease::step);
    WorkerLoop lookups =
        new WorkerLoop(
            "scaler-ivs",
            new Wakeup(),
            HANGING,
            metrics.stepsFailed::inc,
            () -> lease.token().isEmpty() ? STANDBY_PAUSE : lookup.step());
    WorkerLoop passes =
        new WorkerLoop("scaler-pass", passWakeup, HANGING, metrics.stepsFailed::inc, pass::step);
    WorkerLoop reads =
        new WorkerLoop(
            "scaler-counts",
            new Wakeup(),
            HANGING,
            metrics.stepsFailed::inc,
            () -> {
              if (lease.token().isEmpty()) {
                return STANDBY_PAUSE; // the group's entries are for the scaler that acts
              }
              consumer.step();
              return Duration.ZERO;
            });

    WorkerLoop reconciles =
        new WorkerLoop(
            "scaler-reconcile",
            new Wakeup(),
            HANGING,
            metrics.stepsFailed::inc,
            reconciliation::step);

    WorkerLoop farewells =
        new WorkerLoop(
            "scaler-disconnects",
            new Wakeup(),
            HANGING,
            metrics.stepsFailed::inc,
            disconnects::step);

    // Stopped in reverse order: first the loops, then what they use.
    environment.lifecycle().manage(new AutoCloseableManager(redis));
    environment.lifecycle().manage(new AutoCloseableManager(ivs));
    environment.lifecycle().manage(new AutoCloseableManager(opener));
    environment.lifecycle().manage(new AutoCloseableManager(lease::giveBack));
    environment.lifecycle().manage(managed(leases));
    environment.lifecycle().manage(managed(lookups));
    environment.lifecycle().manage(managed(passes));
    environment.lifecycle().manage(managed(reads));
    environment.lifecycle().manage(managed(reconciles));
    environment.lifecycle().manage(managed(farewells));
    configuration
        .eventBus()
        .ifPresent(
            bus ->
                forwardNotices(
                    EventBridgeNoticeBus.create(
                        bus, configuration.region(), credentials(configuration.mode()), null),
                    new NoticeStream(redis, keys, lease::token),
                    lease,
                    configuration,
                    environment,
                    metrics));

    environment.healthChecks().register("redis", new RedisHealthCheck(redis));
    environment.healthChecks().register("master-stage", new MasterStageHealthCheck(master, lease));
    environment.healthChecks().register("passes", new LoopHealthCheck(passes));
    environment.healthChecks().register("counts", new LoopHealthCheck(reads));
    environment.healthChecks().register("ivs", new LoopHealthCheck(lookups));
    environment.healthChecks().register("reconcile", new LoopHealthCheck(reconciles));
    environment.healthChecks().register("disconnects", new LoopHealthCheck(farewells));
    environment.healthChecks().register("lease", new LoopHealthCheck(leases));

    log.info(
        "scaler of broadcast {} ({} mode): master stage {}, up to {} stages of {} seats, Redis at {}",
        configuration.broadcast().id(),
        configuration.mode(),
        masterArn,
        limits.maxStages(),
        limits.stageCapacity(),
        configuration.redis().describe());
    log.info("{}", CapacityLine.of(limits, 1)); // who publishes where is not known yet
  }

  private static void forwardNotices(
      NoticeBus bus,
      NoticeStream stream,
      Lease lease,
      ScalerConfiguration configuration,
      Environment environment,
      ScalerMetrics metrics) {
    NoticeForwarder forwarder =
        new NoticeForwarder(stream, bus, lease::token, configuration.broadcast().id(), metrics);
    WorkerLoop notices =
        new WorkerLoop(
            "scaler-notices", new Wakeup(), HANGING, metrics.stepsFailed::inc, forwarder::step);
    environment.lifecycle().manage(new AutoCloseableManager(bus));
    environment.lifecycle().manage(managed(notices));
    environment.healthChecks().register("notices", new LoopHealthCheck(notices));
  }

  private static Managed managed(WorkerLoop loop) {
    return new Managed() {
      @Override
      public void start() {
        loop.start();
      }

      @Override
      public void stop() {
        loop.close();
      }
    };
  }

  /** Unique among the living scalers; the group of the counts forgets the dead ones. */
  private static String name() {
    return "scaler-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** In development never the instance metadata address, which costs seconds off AWS. */
  private static AwsCredentialsProvider credentials(ScalerConfiguration.Mode mode) {
    return switch (mode) {
      case PRODUCTION -> DefaultCredentialsProvider.builder().build();
      case DEVELOPMENT ->
          AwsCredentialsProviderChain.of(
              EnvironmentVariableCredentialsProvider.create(),
              ProfileCredentialsProvider.create(),
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create("development", "development")));
    };
  }
}
