package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scaler says and the gateway passes on as it is, for the OpenAPI document. {@code
 * BoardText}, {@code OperatorCommands} and {@code ReplicationCommands} of the scaler make it.
 */
final class ScalerMessages {
  private ScalerMessages() {}

  /** What no scaler said yet is not there. */
  @JsonInclude(Include.NON_NULL)
  record ScalerAnswer(
      String mode,
      @JsonInclude(Include.ALWAYS) @Nullable Leader leader,
      boolean stale,
      @Nullable String at,
      @Nullable ScalerLimits limits,
      @Nullable Ceiling ceiling,
      @Nullable Integer desired,
      @Nullable Integer open,
      @Nullable Integer preparing,
      @Nullable Integer existing,
      @Nullable CallBudget callBudget,
      Schedule schedule,
      @Nullable Decision decision,
      @Nullable Disconnects disconnects,
      @Nullable Drift drift,
      @Nullable String capacityLine,
      ApiMessages.DoorsAnswer doors,
      ApiMessages.EndAnswer end) {}

  record Leader(String name, String since) {}

  record ScalerLimits(
      Limit stageCapacity,
      Limit maxStages,
      Limit scaleUpUtilization,
      Limit scaleDownViewers,
      Limit stageWarmupSeconds,
      Limit stageOpenTimeSeconds,
      Limit coolDownSeconds,
      Limit warmSpareStages,
      Limit replicaLimit,
      Limit stagesPerRegion,
      Limit subscribersPerStage,
      Limit subscriptionBudget,
      Limit tokensPerSecond) {}

  @JsonInclude(Include.NON_NULL)
  record Limit(String setting, double value, @Nullable String quota) {}

  record Ceiling(int stages, String limit, String reason, int sources, Elsewhere elsewhere) {}

  record Elsewhere(int stages, long subscriptions) {}

  record CallBudget(double perSecond, int left) {}

  @JsonInclude(Include.NON_NULL)
  record Schedule(
      @Nullable List<String> configured,
      @Nullable Long seatsWantedNow,
      List<ApiMessages.FloorAnswer> operator) {}

  record Disconnects(long banned, long superseded, long expired) {}

  record Drift(
      String at,
      int stages,
      int skipped,
      long oursOnly,
      long ivsOnly,
      long ended,
      long disconnected) {}

  @JsonInclude(Include.NON_NULL)
  record Decision(
      String at,
      String action,
      int desired,
      @Nullable String stageArn,
      String reason,
      String text,
      @Nullable String limit,
      String mode,
      long viewers,
      long seatsTaken,
      long seats,
      long scaleUpLine,
      int open,
      int preparing,
      int existing,
      double joinsPerSecond,
      long floorSeats,
      int sources,
      String asOf,
      @Nullable Long countsAgeMillis) {}

  record DecisionList(List<LoggedDecision> decisions, @Nullable String nextCursor) {}

  /** Of the log of decisions. */
  sealed interface LoggedDecision {
    record Whole(String id, @JsonUnwrapped Decision decision, Ceiling ceiling)
        implements LoggedDecision {}

    /** Somebody else wrote it. */
    @JsonInclude(Include.NON_NULL)
    record Foreign(String id, @Nullable Boolean unreadable) implements LoggedDecision {}
  }

  @JsonInclude(Include.NON_NULL)
  record DeleteAnswer(String stageArn, boolean deleted, @Nullable String state) {}

  record ReplicationStarted(
      String sourceStageArn, String destinationStageArn, String participantId, String startedAt) {}

  record ReplicationStopped(
      String sourceStageArn, String destinationStageArn, String participantId, String stoppedAt) {}

  record ReplicationStatus(
      String stageArn, boolean hasReplication, ReplicationInfo replicationInfo) {}

  @JsonInclude(Include.NON_NULL)
  record ReplicationInfo(
      String destinationStageArn,
      String state,
      @Nullable String sourceStageArn,
      List<String> participantIds,
      boolean pinned,
      @Nullable String wantedSourceStageArn,
      boolean asWanted,
      @Nullable String reason) {}

  @JsonInclude(Include.NON_NULL)
  record PublishersAnswer(
      boolean hasPublisher, @Nullable Publisher publisherInfo, List<Publisher> publishers) {}

  record Publisher(String participantId, String stageArn, String evidence) {}
}
