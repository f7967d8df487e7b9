package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Seat;
import io.fullhouse.model.ViewerEvent.Left;
import java.util.concurrent.CompletionStage;

/**
 * A leave: one event. Thread-safe. It is not looked up whether the viewer is there: the fold
 * decides that in the log's order, and a leave of somebody who is not there does nothing.
 */
final class Leaves {
  private final EventLog log;
  private final KnownStages stages;
  private final GatewayMetrics metrics;

  Leaves(EventLog log, KnownStages stages, GatewayMetrics metrics) {
    this.log = log;
    this.stages = stages;
    this.metrics = metrics;
  }

  CompletionStage<Left> leave(Claim claim, String requestId) {
    if (claim instanceof Claim.BySeat bySeat) {
      Seat seat = bySeat.proven().seat();
      return append(new Left(seat.stage(), seat.user(), seat.presence()), requestId);
    }
    Claim.ByKey byKey = (Claim.ByKey) claim;
    return stages
        .require(byKey.stage())
        .thenCompose(
            known -> append(new Left(byKey.stage(), byKey.user(), byKey.presence()), requestId));
  }

  private CompletionStage<Left> append(Left left, String requestId) {
    return log.append(left, requestId)
        .thenApply(
            entry -> {
              metrics.left();
              return left;
            });
  }
}
