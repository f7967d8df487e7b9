package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Wakeup;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.StageRegistry.Doors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes, decides and acts: once a second, and at once when called.
 *
 * <p>Level-triggered: each pass compares what is with what is wanted, so nothing is owed to a pass
 * that failed or a message that was missed. For one thread; throws what Redis throws.
 */
final class ScalerPass {
  private static final Logger log = LoggerFactory.getLogger(ScalerPass.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** How soon IVS is asked for stages again after it gave none. */
  private static final Duration CREATE_AGAIN = Duration.ofSeconds(10);

  private final MasterStage master;
  private final StageRegistry registry;
  private final Lease lease;
  private final Fleet fleet;
  private final Foresight foresight;
  private final Account account;
  private final Board board;
  private final ViewerCountHandler counts;
  private final ScalingLimits limits;
  private final Duration interval;
  private final Wakeup wakeup;
  private final AtomicBoolean dataLost;
  private final ScalerMetrics metrics;
  private final InstantSource time;
  private final DecisionLog decisions;
  private final ScalingPolicy policy = new ScalingPolicy();
  private String token = "";
  private Instant inventoryDue = Instant.MIN;
  private Instant createAgain = Instant.MIN;
  private boolean curtainDown;
  private String replicationNews = "";

  /** Those who carry out what is decided, and tell of it. */
  record Fleet(
      StageOpener opener,
      FleetDoors doors,
      PublisherReplicas replicas,
      FleetInventory inventory,
      NoticeBoard notices,
      OperatorCommands commands) {}

  /**
   * @param dataLost set by others: what IVS has is then taken up again
   */
  ScalerPass(
      MasterStage master,
      StageRegistry registry,
      Lease lease,
      Fleet fleet,
      Foresight foresight,
      Account account,
      Board board,
      ViewerCountHandler counts,
      ScalingLimits limits,
      Duration interval,
      Wakeup wakeup,
      AtomicBoolean dataLost,
      ScalerMetrics metrics,
      InstantSource time) {
    this.master = master;
    this.registry = registry;
    this.lease = lease;
    this.fleet = fleet;
    this.foresight = foresight;
    this.account = account;
    this.board = board;
    this.counts = counts;
    this.limits = limits;
    this.interval = interval;
    this.wakeup = wakeup;
    this.dataLost = dataLost;
    this.metrics = metrics;
    this.time = time;
    this.decisions = new DecisionLog(metrics);
  }

  /**
   * One pass, if this scaler is the one that acts.
   *
   * @return how long nothing more is to be done, unless somebody calls
   */
  Duration step() throws InterruptedException {
    wakeup.take();
    String held = lease.token().orElse("");
    if (dataLost.getAndSet(false) || !held.equals(token)) {
      token = held;
      foresight.forget();
      inventoryDue = Instant.MIN; // whoever acted before may have been killed anywhere
    }
    if (!held.isEmpty()) {
      try {
        pass(time.instant());
      } catch (LeaseLostException e) {
        log.warn("nothing is written: {}", e.getMessage());
        lease.step(); // it may also be that all data was lost, and the lease with it
        wakeup.call();
      }
    }
    return PAUSE;
  }

  private void pass(Instant now) throws InterruptedException {
    long start = System.nanoTime();
    master.keep();
    Observation seen = registry.observe();
    if (!now.isBefore(inventoryDue)) {
      takeInventory(seen, now);
      seen = registry.observe();
    }
    if (!seen.replicationNews().equals(replicationNews)) {
      replicationNews = seen.replicationNews();
      fleet.replicas().doubt(); // a word of IVS may be late or wrong: it is asked itself
    }
    if (nameSources(seen)) {
      seen = registry.observe();
    }
    fleet.replicas().drive(seen, now);
    fleet.doors().settle(seen, now);
    if (fleet.commands().carryOut(registry.observe(), now)) {
      wakeup.call(); // what an operator wanted goes on at once
    }
    seen = registry.observe();
    dropCurtain(seen);
    StageLoad load = seen.load();
    Account.Seen shared = account.exchange(seen);
    ScalingInput input = foresight.look(seen, shared.elsewhere());
    ScalingDecision decision = policy.decide(input, limits, seen.at());
    decisions.record(decision, input, limits);
    board.tell(decision, input, seen, shared.callsLeft());
    fleet.notices().tell(PassFacts.of(seen, decision, limits));
    counts.scaleUpLine(limits.scaleUpLine(load.open()));
    act(decision, seen, now);
    metrics.decideMillis.update(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
  }

  /** Whether a stage has another source from now on. */
  private boolean nameSources(Observation seen) {
    PublisherReplicas replicas = fleet.replicas();
    Map<StageArn, StageArn> sources =
        SourcePlan.changes(seen, replicas::hasOwnPublisher, replicas.replicaLimit());
    sources.forEach(
        (stage, source) -> {
          StageMetadata known = seen.fleet().get(stage);
          if (known != null) {
            registry.put(known.fedFrom(source), Doors.LEFT_ALONE);
            log.info("stage {} is fed from {} from now on", stage, source);
          }
        });
    return !sources.isEmpty();
  }

  /** Once an end: what is in the log is not yet folded when the next pass looks. */
  private void dropCurtain(Observation seen) {
    if (!seen.ended()) {
      curtainDown = false;
    } else if (!curtainDown && !seen.publishers().isEmpty()) {
      registry.endShow();
      curtainDown = true;
    }
  }

  private void takeInventory(Observation seen, Instant now) {
    master.refresh();
    fleet.doors().refresh(seen);
    fleet.replicas().doubt();
    Optional<String> trouble = fleet.inventory().take(seen);
    trouble.ifPresent(reason -> log.warn("IVS's stages are not compared this time: {}", reason));
    inventoryDue = now.plus(interval);
  }

  private void act(ScalingDecision decision, Observation seen, Instant now)
      throws InterruptedException {
    if (decision instanceof ScaleOut out) {
      scaleOut(out.desired(), seen, now);
    } else if (decision instanceof ScaleIn in) {
      StageMetadata stage = seen.fleet().get(in.stage());
      if (stage != null) {
        fleet.doors().drain(stage, FleetDoors.SPARE, seen.at());
      }
    } else if (decision.reason() == ScalingDecision.Reason.BROADCAST_ENDED) {
      fleet.doors().close(seen);
    }
  }

  /** Stages on their way count: one decision makes at most the stages that it says. */
  private void scaleOut(int desired, Observation seen, Instant now) throws InterruptedException {
    int missing = desired - seen.load().open() - seen.load().preparing();
    missing -= reopen(missing, seen);
    if (missing <= 0 || now.isBefore(createAgain)) {
      return;
    }
    StageOpener.Opened opened = fleet.opener().open(missing);
    if (!opened.troubles().isEmpty()) {
      createAgain = now.plus(CREATE_AGAIN);
    }
    wakeup.call(); // what was made is opened at once
  }

  private int reopen(int missing, Observation seen) {
    var spare =
        seen.fleet().values().stream()
            .filter(FleetDoors::reopens)
            .sorted(Comparator.comparing(StageMetadata::createdAt))
            .limit(Math.max(0, missing))
            .toList();
    spare.forEach(stage -> fleet.doors().reopen(stage, seen.at()));
    return spare.size();
  }
}
