package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.model.PrewarmWindow;
import io.lettuce.core.StreamMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code data} of the answers. Names and order are the public contract. */
final class ApiMessages {
  private ApiMessages() {}

  /** Of a join or rejoin; without a participant when the viewer is told to stop. */
  @JsonInclude(Include.NON_NULL)
  record JoinAnswer(
      @Nullable String token,
      @Nullable String participantId,
      String userId,
      String stageArn,
      @Nullable List<String> capabilities,
      @Nullable String expiresAt,
      @Nullable Long expiresIn,
      long currentViewers,
      @Nullable Boolean isNewViewer,
      @Nullable String seat,
      long heartbeatInterval,
      long totalViewers,
      Next next) {}

  @JsonInclude(Include.NON_NULL)
  record HeartbeatAnswer(
      String userId,
      String stageArn,
      boolean heartbeatUpdated,
      long heartbeatInterval,
      long totalViewers,
      long currentViewers,
      @Nullable String seat,
      Next next) {}

  record TicketAnswer(String ticket, String expiresAt, long expiresIn) {}

  record LeaveAnswer(String userId, String stageArn, boolean viewerLeft) {}

  record PublisherAnswer(
      String token,
      String participantId,
      String userId,
      String stageArn,
      List<String> capabilities,
      String expiresAt,
      long expiresIn,
      String whipEndpoint,
      Instructions instructions) {}

  /** Of a publisher's tokens for several stages. */
  record PublisherAllAnswer(
      String userId,
      int totalStages,
      int successfulTokens,
      int failedTokens,
      List<StageToken> tokens,
      List<StageFailure> failures,
      String whipEndpoint) {}

  record MediaServerAnswer(
      String token,
      String participantId,
      String stageArn,
      List<String> capabilities,
      String expiresAt) {}

  record StageToken(
      String stageArn,
      String stageId,
      String token,
      String participantId,
      List<String> capabilities,
      String expiresAt,
      long expiresIn) {}

  /**
   * Of a stage that got no token.
   *
   * @param stageArn null where no stage is open yet
   */
  record StageFailure(@Nullable String stageArn, String reason) {}

  /** For people: how to publish. */
  record Instructions(String obs, String web) {}

  record OfflineAnswer(boolean isPublisherLive) {}

  /**
   * Of one of IVS's own events.
   *
   * @param ignored why nothing was done; null when something was
   */
  @JsonInclude(Include.NON_NULL)
  record IvsEventAnswer(boolean accepted, @Nullable String ignored) {}

  record ModeAnswer(String mode) {}

  @JsonInclude(Include.NON_NULL)
  record FloorAnswer(long seats, @Nullable String from, @Nullable String until) {
    static FloorAnswer of(PrewarmWindow window) {
      return new FloorAnswer(
          window.seats(),
          window.from().map(Timestamps::of).orElse(null),
          window.until().map(Timestamps::of).orElse(null));
    }
  }

  @JsonInclude(Include.NON_NULL)
  record DoorsAnswer(boolean open, @Nullable String message, @Nullable String since) {}

  /**
   * Of a ban, or of lifting one.
   *
   * @param since null when the user is not banned
   * @param until null without an end
   */
  @JsonInclude(Include.NON_NULL)
  record BanAnswer(
      String userId,
      boolean banned,
      @Nullable String since,
      @Nullable String until,
      @Nullable String reason) {
    static BanAnswer of(String user, Ban ban) {
      return new BanAnswer(
          user,
          true,
          Timestamps.of(ban.since()),
          ban.until().map(Timestamps::of).orElse(null),
          ban.reason().orElse(null));
    }
  }

  record BansAnswer(long totalBans, List<BanAnswer> bans, @Nullable String nextCursor) {}

  /**
   * @param kicked whether anybody was there
   * @param stageArn where
   */
  @JsonInclude(Include.NON_NULL)
  record KickAnswer(String userId, boolean kicked, @Nullable String stageArn) {}

  /** Of one page of a stage's viewers. */
  record ViewerListAnswer(
      String stageArn,
      long totalViewers,
      long activeViewers,
      List<ViewerAnswer> viewers,
      @Nullable String nextCursor) {}

  /**
   * @param participantId empty where the client never said it
   */
  record ViewerAnswer(String userId, String participantId, String joinedAt, String lastHeartbeat) {}

  record DurationAnswer(
      String userId, String stageArn, long watchDurationSeconds, String watchDurationFormatted) {}

  /** Of one page of a user's presences, newest first. */
  record HistoryAnswer(
      String userId, long totalRecords, List<HistoryRecord> history, @Nullable String nextCursor) {}

  /**
   * @param participantId empty where the client never said it
   * @param leftAt null while the user is present
   * @param reason likewise; {@link io.fullhouse.model.EndReason}
   */
  record HistoryRecord(
      String userId,
      String stageArn,
      String participantId,
      String joinedAt,
      @Nullable String leftAt,
      @Nullable String reason,
      long watchDurationSeconds) {}

  @JsonInclude(Include.NON_NULL)
  record EndAnswer(boolean ended, @Nullable String endsAt) {}

  /**
   * @param decisions the scaler's own words, each with the id of its entry
   */
  record DecisionsAnswer(List<JsonNode> decisions, @Nullable String nextCursor) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static DecisionsAnswer of(List<StreamMessage<String, String>> entries, int limit) {
      return new DecisionsAnswer(
          entries.stream().map(DecisionsAnswer::decision).toList(),
          entries.size() < limit ? null : entries.get(entries.size() - 1).getId());
    }

    /** An entry that somebody else wrote shows its id alone. */
    private static JsonNode decision(StreamMessage<String, String> entry) {
      ObjectNode json = JSON.createObjectNode().put("id", entry.getId());
      try {
        JSON.readTree(entry.getBody().getOrDefault("json", "{}"))
            .properties()
            .forEach(field -> json.set(field.getKey(), field.getValue()));
      } catch (JsonProcessingException e) {
        json.put("unreadable", true);
      }
      return json;
    }
  }

  record StageListAnswer(
      List<FleetReader.FleetStage> stages, int totalStages, @Nullable String nextToken) {}

  record StageViewAnswer(FleetReader.FleetStage stage, long viewerCount, boolean isMasterStage) {}

  record StageInfo(String name, boolean autoScaled, @Nullable String createdAt) {}

  record StageAnswer(
      String stageId,
      String stageArn,
      String stageName,
      long viewerCount,
      boolean autoScaled,
      @Nullable String createdAt,
      String state,
      StageInfo info,
      long seats,
      int capacity) {}

  record StatsAnswer(
      long totalViewers,
      int activeStages,
      boolean isPublisherLive,
      List<StageAnswer> stages,
      String broadcast,
      String timestamp,
      String asOf,
      long lagMillis) {}

  record ViewersAnswer(long totalViewers, String timestamp, String asOf) {}

  record PublisherStatusAnswer(
      boolean isPublisherLive,
      @Nullable String since,
      @Nullable String evidence,
      String timestamp,
      String asOf) {}

  record StagesAnswer(int totalStages, List<StageAnswer> stages, String asOf) {}

  record OneStageAnswer(String stageArn, long viewerCount, StageAnswer stageInfo, String asOf) {}
}
