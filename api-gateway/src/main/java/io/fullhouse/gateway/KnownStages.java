package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.StageArn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Refuses a stage that nobody registered, before anything is written. Thread-safe.
 *
 * <p>While nothing at all is registered the registry was lost, and proves nothing.
 */
final class KnownStages {
  private final StatsReader stats;

  KnownStages(StatsReader stats) {
    this.stats = stats;
  }

  /** The snapshot that knows the stage. */
  CompletionStage<StatsSnapshot> require(StageArn stage) {
    return stats
        .recent()
        .thenCompose(
            recent ->
                knows(recent, stage)
                    ? CompletableFuture.completedStage(recent)
                    : stats.fresh().thenApply(fresh -> check(fresh, stage)));
  }

  private static boolean knows(StatsSnapshot snapshot, StageArn stage) {
    return snapshot.recovering() || snapshot.stage(stage).isPresent();
  }

  private static StatsSnapshot check(StatsSnapshot snapshot, StageArn stage) {
    if (!knows(snapshot, stage)) {
      throw unknown();
    }
    return snapshot;
  }

  static ApiException unknown() {
    return ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_STAGE);
  }
}
