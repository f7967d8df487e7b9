package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.StageFleet.Listed;
import io.fullhouse.scaler.StageFleet.Lookup;
import io.fullhouse.scaler.StageRegistry.Doors;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the fleet with what IVS has, and mends the difference: what a crash or a loss of data
 * left behind. For one thread.
 *
 * <p>Never acts on a list that is not complete, nor on a stage without our tags.
 */
final class FleetInventory {
  private static final Logger log = LoggerFactory.getLogger(FleetInventory.class);

  /** IVS's list may lag, and a call whose answer was lost may still be at work. */
  private static final Duration SETTLED = Duration.ofSeconds(15);

  private final StageFleet fleet;
  private final StageRegistry registry;
  private final OwnerTags tags;
  private final StageArn master;
  private final int capacity;

  FleetInventory(
      StageFleet fleet, StageRegistry registry, OwnerTags tags, StageArn master, int capacity) {
    this.fleet = fleet;
    this.registry = registry;
    this.tags = tags;
    this.master = master;
    this.capacity = capacity;
  }

  /**
   * Compares once.
   *
   * @param seen before the list was asked for
   * @return why it could not be done; empty when it was
   */
  Optional<String> take(Observation seen) {
    IvsAnswer<List<Listed>> answer = fleet.list();
    if (!(answer instanceof Done<List<Listed>> done)) {
      return Optional.of(answer.reason());
    }
    Map<StageArn, Listed> own = new HashMap<>();
    for (Listed stage : done.value()) {
      if (tags.own(stage.tags()) && !stage.arn().equals(master)) {
        own.put(stage.arn(), stage);
      }
    }
    Map<StageArn, StageMetadata> known = registry.observe().fleet();
    own.values().stream()
        .filter(stage -> !known.containsKey(stage.arn()))
        .forEach(stage -> adopt(stage, seen.at()));
    seen.fleet().values().stream()
        .filter(stage -> !own.containsKey(stage.arn()) && isSettled(stage, seen))
        .forEach(stage -> lookFor(stage, seen.at()));
    seen.intents()
        .forEach(
            (request, since) -> {
              boolean made = own.values().stream().anyMatch(stage -> isOf(request, stage));
              if (!made && since.plus(SETTLED).isBefore(seen.at())) {
                registry.abandon(request);
                log.warn("IVS made no stage for request {}", request);
              }
            });
    return Optional.empty();
  }

  private void adopt(Listed stage, Instant now) {
    Optional<StageMetadata.Endpoints> endpoints =
        fleet.find(stage.arn()) instanceof Lookup.Found found
            ? found.endpoints()
            : Optional.empty();
    registry.fulfil(
        stage.tags().getOrDefault(OwnerTags.REQUEST, ""),
        new StageMetadata(
            stage.name(),
            stage.arn(),
            !OwnerTags.isByHand(stage.tags()),
            OwnerTags.createdAt(stage.tags()).orElse(now),
            StageMetadata.CREATING,
            capacity,
            endpoints,
            Optional.of(master),
            now,
            "adopted",
            OwnerTags.operators(stage.tags())),
        Doors.LEFT_ALONE);
    log.warn("adopted stage {} ('{}'), which carries our tags", stage.arn(), stage.name());
  }

  /** The list is not proof enough: who is on the stage would be sent away. */
  private void lookFor(StageMetadata stage, Instant now) {
    if (fleet.find(stage.arn()) instanceof Lookup.Missing missing) {
      log.error("ALARM stage {} is gone from IVS: {}", stage.arn(), missing.reason());
      StageMetadata gone = stage.in(StageMetadata.DRAINING, now, FleetDoors.GONE_FROM_IVS);
      registry.putUnpinned(gone, Doors.CLOSING, new Notice.StageDraining(gone));
    }
  }

  private boolean isSettled(StageMetadata stage, Observation seen) {
    return !stage.arn().equals(master)
        && (stage.state().equals(StageMetadata.CREATING)
            || stage.state().equals(StageMetadata.ACTIVE))
        && stage.createdAt().plus(SETTLED).isBefore(seen.at());
  }

  private static boolean isOf(String request, Listed stage) {
    return request.equals(stage.tags().get(OwnerTags.REQUEST));
  }
}
