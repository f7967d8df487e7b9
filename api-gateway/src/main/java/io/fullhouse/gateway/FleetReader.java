package io.fullhouse.gateway;

import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * The stages as an operator sees them: those that take viewers, and those on their way in or out.
 * Thread-safe.
 */
final class FleetReader {
  private final GatewayRedis redis;
  private final StatsReader stats;
  private final int capacity;

  /**
   * @param capacity seats a stage
   */
  FleetReader(GatewayRedis redis, StatsReader stats, int capacity) {
    this.redis = redis;
    this.stats = stats;
    this.capacity = capacity;
  }

  /** Names and order are the public contract. */
  record FleetStage(
      String stageArn,
      String name,
      long viewerCount,
      long seats,
      int capacity,
      String state,
      boolean autoScaled,
      String createdAt,
      Map<String, String> tags) {}

  /** By ARN. */
  CompletionStage<List<FleetStage>> all() {
    return stats
        .fresh()
        .thenCombine(
            redis.call(c -> c.hgetall(redis.keys().scalerFleet())),
            (snapshot, fleet) -> {
              Map<String, FleetStage> all = new TreeMap<>();
              snapshot.stages().forEach(stage -> all.put(stage.arn().value(), of(stage)));
              fleet.forEach(
                  (arn, json) ->
                      StageMetadata.fromJson(json)
                          .filter(known -> known.arn().value().equals(arn))
                          .ifPresent(known -> all.put(arn, of(known, snapshot))));
              return all.values().stream()
                  .sorted(Comparator.comparing(FleetStage::stageArn))
                  .toList();
            });
  }

  private FleetStage of(Stage stage) {
    Optional<StageMetadata> known = stage.metadata();
    return new FleetStage(
        stage.arn().value(),
        known.map(StageMetadata::name).orElse(stage.arn().id()),
        stage.viewers(),
        stage.seatsTaken(),
        capacity,
        stage.state().name().toLowerCase(java.util.Locale.ROOT),
        known.map(StageMetadata::autoScaled).orElse(false),
        known.map(metadata -> Timestamps.of(metadata.createdAt())).orElse(""),
        known.map(StageMetadata::tags).orElse(Map.of()));
  }

  private FleetStage of(StageMetadata known, StatsSnapshot snapshot) {
    Optional<Stage> counted = snapshot.stage(known.arn());
    return new FleetStage(
        known.arn().value(),
        known.name(),
        counted.map(Stage::viewers).orElse(0L),
        counted.map(Stage::seatsTaken).orElse(0L),
        capacity,
        known.state(),
        known.autoScaled(),
        Timestamps.of(known.createdAt()),
        known.tags());
  }

  /** By its ARN or the short id at its end; fails when there is none. */
  CompletionStage<FleetStage> one(String named) {
    return all()
        .thenApply(
            stages ->
                stages.stream()
                    .filter(stage -> isNamed(stage, named))
                    .findFirst()
                    .orElseThrow(KnownStages::unknown));
  }

  private static boolean isNamed(FleetStage stage, String named) {
    return stage.stageArn().equals(named) || new StageArn(stage.stageArn()).id().equals(named);
  }
}
