package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import io.fullhouse.scaler.Notice.StageClosed;
import io.fullhouse.scaler.Notice.StageDraining;
import io.fullhouse.scaler.Notice.StageOpened;
import io.fullhouse.scaler.StageLoad.State;
import io.fullhouse.scaler.StageRegistry.Doors;
import io.fullhouse.scaler.StageRegistry.Registered;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each stage one step further on its way: creating, active, draining, deleting, gone. For one
 * thread; every step may be repeated, and a scaler that is killed anywhere is taken up by the next.
 *
 * <p>A stage takes newcomers while it shows a publisher, or while nobody publishes at all. It is
 * deleted when nobody has a seat on it, which the same step proves that ends its registration.
 */
final class FleetDoors {
  static final String SPARE = "spare";
  static final String ENDED = "the broadcast has ended";
  static final String OPERATOR = "an operator closes it";
  static final String NO_PUBLISHER = "the publisher is not on it";
  static final String GONE_FROM_IVS = "gone from IVS";

  private static final Logger log = LoggerFactory.getLogger(FleetDoors.class);

  private static final Duration DELETE_AGAIN = Duration.ofSeconds(5);

  /** Viewers of a stage without a picture wait so long for it, then are offered another one. */
  private static final Duration PICTURE_WITHIN = Duration.ofSeconds(30);

  private final StageFleet fleet;
  private final StageRegistry registry;
  private final PublisherReplicas replicas;
  private final StageArn master;
  private final Optional<Duration> drainDeadline;
  private Instant deleteAgain = Instant.MIN;

  /**
   * @param drainDeadline after which a stage is deleted whoever is on it; empty for never
   */
  FleetDoors(
      StageFleet fleet,
      StageRegistry registry,
      PublisherReplicas replicas,
      StageArn master,
      Optional<Duration> drainDeadline) {
    this.fleet = fleet;
    this.registry = registry;
    this.replicas = replicas;
    this.master = master;
    this.drainDeadline = drainDeadline;
  }

  /**
   * Looks at every stage but the master.
   *
   * @param now by this process's clock: when IVS is asked again is no matter of Redis's
   */
  void settle(Observation seen, Instant now) {
    for (StageMetadata stage : seen.fleet().values()) {
      if (!stage.arn().equals(master)) {
        settle(stage, seen, now);
      }
    }
  }

  /** Writes again what is known of each stage, and so its time to live. */
  void refresh(Observation seen) {
    for (StageMetadata stage : seen.fleet().values()) {
      if (!stage.arn().equals(master) && !stage.state().equals(StageMetadata.DELETING)) {
        registry.put(stage, Doors.LEFT_ALONE);
      }
    }
  }

  private void settle(StageMetadata stage, Observation seen, Instant now) {
    Optional<StageLoad.Stage> registered = seen.registered(stage.arn());
    boolean shown = replicas.carries(stage.arn()) || !replicas.onAir();
    switch (stage.state()) {
      case StageMetadata.CREATING -> {
        if (shown) {
          open(stage, seen.at());
        } else if (isOccupied(registered) && isOver(stage, PICTURE_WITHIN, seen.at())) {
          drain(stage, NO_PUBLISHER, seen.at());
        }
      }
      case StageMetadata.ACTIVE -> {
        if (!shown) {
          log.warn("stage {} takes nobody until the publisher is on it", stage.arn());
          registry.put(stage.in(StageMetadata.CREATING, seen.at(), NO_PUBLISHER), Doors.CLOSING);
        } else if (registered.filter(known -> isWhole(known)).isEmpty()) {
          registry.put(stage, Doors.OPEN); // somebody took its registration or metadata away
        }
      }
      case StageMetadata.DRAINING -> {
        boolean pictureless = isPictureless(stage);
        if (shown && pictureless) {
          open(stage, seen.at());
        } else if (pictureless && !stage.autoScaled() && !isOccupied(registered)) {
          // An operator made it: it waits on, empty.
          registry.put(stage.in(StageMetadata.CREATING, seen.at(), NO_PUBLISHER), Doors.CLOSING);
        } else {
          empty(stage, registered, seen.at(), now);
        }
      }
      case StageMetadata.DELETING -> delete(stage.arn(), now);
      default -> log.warn("stage {} is in state '{}': left alone", stage.arn(), stage.state());
    }
  }

  private void open(StageMetadata stage, Instant now) {
    StageMetadata active = stage.in(StageMetadata.ACTIVE, now, "");
    registry.put(active, Doors.OPEN, new StageOpened(active, stage.reason()));
    log.info("stage {} is open for viewers", stage.arn());
  }

  /** From now on nobody new is seated there, and those who are get offered another stage. */
  void drain(StageMetadata stage, String reason, Instant now) {
    StageMetadata draining = stage.in(StageMetadata.DRAINING, now, reason);
    StageDraining notice = new StageDraining(draining);
    if (isPictureless(draining)) {
      registry.put(draining, Doors.CLOSING, notice); // it may be back, from where it is to be fed
    } else {
      registry.putUnpinned(draining, Doors.CLOSING, notice);
    }
    log.info("stage {} drains: {}", stage.arn(), reason);
  }

  /**
   * Closes a stage on which nobody is, and asks IVS once to delete it; {@link #settle} asks again.
   *
   * @param since by Redis's clock
   * @param now by this scaler's own
   * @return false when somebody is there: then all is as it was
   */
  boolean closeEmpty(StageMetadata stage, Instant since, Instant now) {
    registry.put(stage.in(StageMetadata.DRAINING, since, OPERATOR), Doors.CLOSING);
    StageMetadata deleting = stage.in(StageMetadata.DELETING, since, OPERATOR);
    Registered result = registry.put(deleting, Doors.CLOSED, new StageClosed(deleting, false));
    if (result == Registered.CLOSED) {
      delete(stage.arn(), now);
      return true;
    }
    boolean wasOpen = stage.state().equals(StageMetadata.ACTIVE);
    registry.put(stage, wasOpen ? Doors.OPEN : Doors.LEFT_ALONE);
    return false;
  }

  /** The show is over: the stages that the scaler made go, all together. */
  void close(Observation seen) {
    for (StageMetadata stage : seen.fleet().values()) {
      boolean stays =
          stage.state().equals(StageMetadata.DRAINING)
              || stage.state().equals(StageMetadata.DELETING);
      if (stage.autoScaled() && !stage.arn().equals(master) && !stays) {
        drain(stage, ENDED, seen.at());
      }
    }
  }

  /** Whether the stage drains only for want of a publisher. */
  static boolean isPictureless(StageMetadata stage) {
    return stage.state().equals(StageMetadata.DRAINING) && stage.reason().equals(NO_PUBLISHER);
  }

  /** Whether the stage drains only for want of viewers. */
  static boolean reopens(StageMetadata stage) {
    return stage.state().equals(StageMetadata.DRAINING)
        && (stage.reason().equals(SPARE) || stage.reason().equals(ENDED));
  }

  /** A stage that drains for want of viewers takes them again: quicker than making one. */
  void reopen(StageMetadata stage, Instant now) {
    open(stage, now);
  }

  private void empty(
      StageMetadata stage, Optional<StageLoad.Stage> registered, Instant at, Instant now) {
    if (registered.filter(known -> known.state() == State.OPEN).isPresent()) {
      registry.put(stage, Doors.CLOSING);
      return;
    }
    long left = registered.map(StageLoad.Stage::taken).orElse(0L);
    boolean forced = drainDeadline.filter(limit -> isOver(stage, limit, at)).isPresent();
    if (left > 0 && !forced) {
      return;
    }
    StageMetadata deleting = stage.in(StageMetadata.DELETING, at, stage.reason());
    Registered result =
        registry.put(
            deleting, forced ? Doors.FORCED : Doors.CLOSED, new StageClosed(deleting, forced));
    if (result == Registered.CLOSED) {
      if (left > 0) {
        log.error(
            "ALARM stage {} is closed at its deadline with {} seats taken", stage.arn(), left);
      }
      delete(stage.arn(), now);
    }
  }

  private void delete(StageArn stage, Instant now) {
    if (now.isBefore(deleteAgain) || !replicas.leave(stage)) {
      return;
    }
    IvsAnswer<Boolean> answer = fleet.delete(stage);
    if (answer instanceof Done<Boolean> || answer.is(Kind.NOT_FOUND)) {
      registry.forget(stage);
      log.info("stage {} is deleted", stage);
    } else {
      deleteAgain = now.plus(DELETE_AGAIN);
      log.warn("stage {} is not deleted yet: {}", stage, answer.reason());
    }
  }

  private static boolean isOccupied(Optional<StageLoad.Stage> registered) {
    return registered.filter(known -> known.audience() > 0).isPresent();
  }

  private static boolean isWhole(StageLoad.Stage registered) {
    return registered.state() == State.OPEN && registered.createdAt().isPresent();
  }

  private static boolean isOver(StageMetadata stage, Duration limit, Instant now) {
    return !stage.since().plus(limit).isAfter(now);
  }
}
