package io.fullhouse.scaler;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.redis.AccountUsage;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.StreamConsumer;
import io.fullhouse.redis.Wakeup;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * A scaler that passes when it is told to, and whose every call of IVS and every write can be its
 * last, or can be held up. For one thread.
 */
public final class SteppedScaler implements AutoCloseable {
  private static final Duration LEASE_LIFE = Duration.ofMinutes(10);

  private final AtomicLong ownNanos = new AtomicLong(System.nanoTime());
  private final Hook hook;
  private final Lease lease;
  private final StageFleet fleet;
  private final StageOpener opener;
  private final MasterStageLookup lookup;
  private final ScalerPass pass;
  private final StageAudience audience;
  private final StageRegistry registry;
  private final ViewerCountHandler counts;
  private final ScalerMetrics metrics = new ScalerMetrics(new MetricRegistry());
  private final AtomicBoolean dataLost = new AtomicBoolean();

  /** Called where a process may be killed or frozen. */
  public interface Hook {
    /**
     * Returns when the process goes on; throws when it never does.
     *
     * @param point where it is: {@code before} and {@code after} a call of IVS, or a {@code write}
     *     whose fencing token is already taken
     */
    void at(String point);
  }

  /**
   * What it works on.
   *
   * @param patience until a call is made again; a call in all may take three times as long
   */
  public record Site(
      Redis redis,
      Broadcast broadcast,
      URI ivs,
      StageArn master,
      int capacity,
      Duration interval,
      Duration patience,
      Optional<Duration> drainDeadline,
      int replicaLimit) {
    public Site(
        Redis redis,
        Broadcast broadcast,
        URI ivs,
        StageArn master,
        int capacity,
        Duration interval) {
      this(
          redis,
          broadcast,
          ivs,
          master,
          capacity,
          interval,
          Duration.ofSeconds(2),
          Optional.empty(),
          IvsQuotas.DEFAULT.replicaLimit());
    }

    /** The same, but it does not wait long for IVS. */
    public Site withPatience(Duration newPatience) {
      return new Site(
          redis,
          broadcast,
          ivs,
          master,
          capacity,
          interval,
          newPatience,
          drainDeadline,
          replicaLimit);
    }

    /** The same, but a stage does not drain any longer. */
    public Site withDrainDeadline(Duration deadline) {
      return new Site(
          redis,
          broadcast,
          ivs,
          master,
          capacity,
          interval,
          patience,
          Optional.of(deadline),
          replicaLimit);
    }

    /** The same, but a source feeds so many stages at most. */
    public Site withReplicaLimit(int limit) {
      return new Site(
          redis, broadcast, ivs, master, capacity, interval, patience, drainDeadline, limit);
    }
  }

  public SteppedScaler(String name, Site site, InstantSource time, Hook hook) {
    this.hook = hook;
    Redis redis = site.redis();
    RedisKeys keys = RedisKeys.of(site.broadcast());
    StageArn masterArn = site.master();
    ScalingLimits limits = limits(site.capacity());
    Wakeup wakeup = new Wakeup();
    counts = new ViewerCountHandler(wakeup::call, () -> dataLost.set(true), metrics);
    lease = new Lease(redis, keys, name, LEASE_LIFE, () -> {}, ownNanos::get);
    registry = new StageRegistry(redis, keys, this::tokenForWrite);
    IvsCalls ivs =
        IvsCalls.create(
            Region.US_EAST_1,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
            site.ivs(),
            this::gate,
            new IvsCalls.Patience(site.patience(), site.patience().multipliedBy(3)));
    audience = new IvsStageAudience(ivs, time);
    fleet = new HookedFleet(new IvsStageFleet(ivs, time), hook);
    MasterStage master =
        new MasterStage(
            masterArn,
            site.capacity(),
            registry,
            new StageMetadataStore(redis, keys, metrics),
            time,
            metrics);
    lookup = new MasterStageLookup(fleet, masterArn, master, site.interval(), wakeup, metrics);
    OwnerTags tags = new OwnerTags(site.broadcast(), masterArn);
    PublisherReplicas replicas = new PublisherReplicas(fleet, site.replicaLimit());
    FleetDoors doors = new FleetDoors(fleet, registry, replicas, masterArn, site.drainDeadline());
    opener = new StageOpener(fleet, registry, tags, masterArn, site.capacity(), time);
    pass =
        new ScalerPass(
            master,
            registry,
            lease,
            new ScalerPass.Fleet(
                opener,
                doors,
                replicas,
                new FleetInventory(fleet, registry, tags, masterArn, site.capacity()),
                new NoticeBoard(redis, keys, lease::token),
                new OperatorCommands(
                    new CommandQueue(redis, keys, this::tokenForWrite),
                    fleet,
                    registry,
                    opener,
                    doors,
                    new ReplicationCommands(
                        new CommandQueue(redis, keys, this::tokenForWrite), registry, replicas),
                    masterArn,
                    limits)),
            new Foresight(
                new JoinRate(Duration.ofMinutes(10), Duration.ofSeconds(60)),
                PrewarmSchedule.NONE,
                limits,
                masterArn),
            new Account(
                redis,
                new AccountUsage(AccountKeys.of("ivs:account:", masterArn), site.broadcast()),
                new CallBudget("ivs:account:calls", 4, 4)),
            new Board(
                redis,
                keys,
                lease::token,
                new BoardText(
                    limits,
                    PrewarmSchedule.NONE,
                    4,
                    Optional::empty,
                    () -> DisconnectQueue.Waiting.NOBODY)),
            counts,
            limits,
            site.interval(),
            wakeup,
            dataLost,
            metrics,
            time);
  }

  private static ScalingLimits limits(int capacity) {
    return new ScalingLimits(
        capacity,
        IvsQuotas.DEFAULT.replicaLimit() + 1,
        new BigDecimal("0.8"),
        5,
        Duration.ZERO,
        Duration.ofSeconds(1),
        Duration.ZERO,
        0,
        IvsQuotas.DEFAULT);
  }

  private Optional<String> gate() {
    if (lease.token().isEmpty()) {
      return Optional.of("another scaler acts");
    }
    hook.at("before");
    return Optional.empty();
  }

  private Optional<String> tokenForWrite() {
    Optional<String> token = lease.token();
    hook.at("write");
    return token;
  }

  /** Takes the lease if nobody has it, and passes once if it has it. */
  public void step() throws InterruptedException {
    lease.step();
    if (lease.token().isPresent()) {
      lookup.step();
      pass.step();
    }
  }

  /**
   * Reads the counts that nobody has read yet, as one of the group of all scalers.
   *
   * @return how many entries were of a version that it knows, and how many were stepped over
   */
  public CountsRead readCounts(Site site, InstantSource time) {
    RedisKeys keys = RedisKeys.of(site.broadcast());
    try (StreamConsumer consumer =
        new StreamConsumer(site.redis(), keys, keys.counts(), "scaler", "reader", counts, time)) {
      long all = RedisAnswer.await(site.redis().commands().xlen(keys.counts()));
      for (long read = 0; read < all; ) {
        int more = consumer.step();
        if (more == 0) {
          throw new IllegalStateException("only " + read + " of " + all + " are delivered");
        }
        read += more;
      }
    }
    return new CountsRead(
        metrics.countsHandled.getCount(), metrics.countsSkipped.getCount(), counts.totalViewers());
  }

  /** What came of reading the counts; the total is that of the latest. */
  public record CountsRead(long known, long steppedOver, long total) {}

  /** Compares every stage with IVS, without a pause; ends nobody. */
  public void reconcile(Site site, InstantSource time) {
    RedisKeys keys = RedisKeys.of(site.broadcast());
    Duration pause = Duration.ofMillis(1);
    Reconciliation reconciliation =
        new Reconciliation(
            audience,
            new SeatedAudience(site.redis(), keys, lease::token),
            registry,
            new UnwantedOnStage(
                site.redis(), keys, new DisconnectQueue(site.redis(), keys, lease::token)),
            new NoticeBoard(site.redis(), keys, lease::token),
            lease::token,
            new Reconciliation.Settings(false, false, Duration.ofMinutes(5), pause),
            metrics,
            time);
    while (reconciliation.step().equals(pause)) {
      // until it is through
    }
  }

  /** Whether it believes that it may act. */
  public boolean acts() {
    return lease.token().isPresent();
  }

  /** Its lease is over by its own clock. */
  public void sleptLong() {
    ownNanos.addAndGet(LEASE_LIFE.toNanos());
  }

  @Override
  public void close() {
    opener.close();
    fleet.close();
  }

  /** Tells of each answer before the scaler hears it. */
  private record HookedFleet(StageFleet ivs, Hook hook) implements StageFleet {
    private <T> T answered(T answer) {
      hook.at("after");
      return answer;
    }

    @Override
    public Lookup find(StageArn stage) {
      return answered(ivs.find(stage));
    }

    @Override
    public IvsAnswer<Made> create(String name, Map<String, String> tags) {
      return answered(ivs.create(name, tags));
    }

    @Override
    public IvsAnswer<Boolean> rename(StageArn stage, String name) {
      return answered(ivs.rename(stage, name));
    }

    @Override
    public IvsAnswer<Boolean> delete(StageArn stage) {
      return answered(ivs.delete(stage));
    }

    @Override
    public IvsAnswer<List<Listed>> list() {
      return answered(ivs.list());
    }

    @Override
    public IvsAnswer<Set<StageArn>> replicas(StageArn source, ParticipantId participant) {
      return answered(ivs.replicas(source, participant));
    }

    @Override
    public IvsAnswer<Boolean> replicate(
        StageArn source, ParticipantId participant, StageArn destination) {
      return answered(ivs.replicate(source, participant, destination));
    }

    @Override
    public IvsAnswer<Boolean> stopReplica(
        StageArn source, ParticipantId participant, StageArn destination) {
      return answered(ivs.stopReplica(source, participant, destination));
    }

    @Override
    public void close() {
      ivs.close();
    }
  }
}
