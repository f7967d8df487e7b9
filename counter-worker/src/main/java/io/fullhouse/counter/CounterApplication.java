package io.fullhouse.counter;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.dropwizard.lifecycle.Managed;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.Wakeup;
import io.fullhouse.redis.WorkerLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counter worker: all its wiring, in reading order. */
public final class CounterApplication extends Application<CounterConfiguration> {
  private static final Logger log = LoggerFactory.getLogger(CounterApplication.class);
  private static final Duration HANGING = Duration.ofSeconds(30);

  /** It folds all that came since the one before, which after an outage of all workers is a lot. */
  private static final Duration HANGING_CHECKPOINT = Duration.ofMinutes(10);

  public static void main(String[] arguments) throws Exception {
    new CounterApplication().run(arguments);
  }

  @Override
  public String getName() {
    return "counter-worker";
  }

  @Override
  public void initialize(Bootstrap<CounterConfiguration> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(),
            new EnvironmentSubstitutor(System.getenv())));
    bootstrap.addCommand(new AuditCommand(System.getenv()));
  }

  @Override
  protected void addDefaultCommands(Bootstrap<CounterConfiguration> bootstrap) {
    bootstrap.addCommand(new StartCommand(this));
  }

  /** Wrong usage, too, exits with another status than an audit that found a difference. */
  @Override
  protected void onFatalError(Throwable failure) {
    if (failure instanceof ArgumentParserException) {
      System.exit(AuditCommand.CANNOT_TELL);
    }
    super.onFatalError(failure);
  }

  @Override
  public void run(CounterConfiguration configuration, Environment environment) {
    Retention retention = configuration.retention();
    CounterMetrics metrics = new CounterMetrics(environment.metrics());
    RedisKeys keys = RedisKeys.of(configuration.broadcast());
    Redis redis = Redis.create(configuration.redis());
    EventLog events = new EventLog(redis, keys);
    CheckpointStore checkpoints = new CheckpointStore(redis, events, keys);
    PresenceStore store =
        new PresenceStore(redis, keys, configuration.heartbeatTimeout(), Scripts.load());

    EventPump pump = new EventPump(redis, keys, store, metrics);
    WorkerLoop pumping = loop("event-pump", pump, HANGING, metrics);
    WorkerLoop sweeping =
        loop(
            "idle-viewer-sweeper",
            new IdleViewerSweeper(store, configuration.sweepInterval(), metrics),
            HANGING,
            metrics);
    WorkerLoop checkpointing =
        loop(
            "checkpointer",
            new Checkpointer(store, events, checkpoints, retention, metrics),
            HANGING_CHECKPOINT,
            metrics);

    // Stopped in reverse order: first the loops, then what they use.
    environment.lifecycle().manage(new AutoCloseableManager(redis));
    environment.lifecycle().manage(managed(checkpointing));
    environment.lifecycle().manage(managed(sweeping));
    environment.lifecycle().manage(managed(pumping));

    register(environment, "event-pump", pumping::trouble);
    register(environment, "idle-viewer-sweeper", sweeping::trouble);
    register(environment, "checkpointer", checkpointing::trouble);
    register(
        environment, "fold", () -> Optional.of(pump.alarm()).filter(alarm -> !alarm.isEmpty()));

    log.info(
        "counter of broadcast {}: viewers expire after {} s of silence, events are kept for {} or {}"
            + " bytes, Redis at {}",
        configuration.broadcast().id(),
        configuration.heartbeatTimeout().toSeconds(),
        retention.time(),
        retention.bytes(),
        configuration.redis().describe());
  }

  private static WorkerLoop loop(
      String name, WorkerLoop.Step step, Duration hanging, CounterMetrics metrics) {
    return new WorkerLoop(name, new Wakeup(), hanging, metrics.stepsFailed::inc, step);
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

  private static void register(
      Environment environment, String name, Supplier<Optional<String>> trouble) {
    environment
        .healthChecks()
        .register(
            name,
            new HealthCheck() {
              @Override
              protected Result check() {
                return trouble.get().map(Result::unhealthy).orElseGet(Result::healthy);
              }
            });
  }
}
