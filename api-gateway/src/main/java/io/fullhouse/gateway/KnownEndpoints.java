package io.fullhouse.gateway;

import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.StatsSnapshot.State;
import io.fullhouse.gateway.ivs.StageEndpoints;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Endpoints as the scaler wrote them with the stage's metadata. Thread-safe.
 *
 * <p>What was read once is remembered: metadata that expires while no scaler runs, or that somebody
 * damages, keeps nobody from joining.
 */
final class KnownEndpoints implements StageEndpoints {
  /** Self-signed tokens, IVS Real-Time user guide: keep them for at most 14 days. */
  private static final Duration KEPT_FOR = Duration.ofDays(14);

  private final StatsReader stats;
  private final InstantSource time;
  private final Map<StageArn, Endpoints> remembered = new ConcurrentHashMap<>();

  KnownEndpoints(StatsReader stats, InstantSource time) {
    this.stats = stats;
    this.time = time;
  }

  @Override
  public CompletionStage<Optional<Endpoints>> of(StageArn stage) {
    return stats
        .recent()
        .thenCompose(
            recent -> {
              Optional<Endpoints> known = find(recent, stage);
              return known.isPresent()
                  ? CompletableFuture.completedStage(known)
                  // A stage that opened within the last quarter of a second.
                  : stats.fresh().thenApply(fresh -> find(fresh, stage));
            });
  }

  @Override
  public CompletionStage<Boolean> anyKnown() {
    return stats
        .recent()
        .thenApply(
            recent ->
                recent.stages().stream()
                    .filter(stage -> stage.state() != State.UNREGISTERED)
                    .anyMatch(stage -> find(recent, stage.arn()).isPresent()));
  }

  private Optional<Endpoints> find(StatsSnapshot snapshot, StageArn stage) {
    Optional<Endpoints> told =
        snapshot.stage(stage).flatMap(Stage::metadata).flatMap(StageMetadata::endpoints);
    told.ifPresent(endpoints -> remember(stage, endpoints));
    return Optional.ofNullable(remembered.get(stage)).filter(this::isRecent);
  }

  private void remember(StageArn stage, Endpoints endpoints) {
    if (!endpoints.equals(remembered.put(stage, endpoints))) {
      remembered.values().removeIf(old -> !isRecent(old)); // deleted stages, in time
    }
  }

  private boolean isRecent(Endpoints endpoints) {
    return time.instant().isBefore(endpoints.fetchedAt().plus(KEPT_FOR));
  }
}
