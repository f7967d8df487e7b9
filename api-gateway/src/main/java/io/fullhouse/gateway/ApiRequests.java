package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the bodies, for the OpenAPI document: the resources take them one by one from a
 * {@code RequestBody}, so that all that is wrong is told at once.
 */
final class ApiRequests {
  private ApiRequests() {}

  @JsonInclude(Include.NON_NULL)
  record JoinRequest(
      String userId, @Nullable String stageArn, @Nullable Map<String, String> attributes) {}

  @JsonInclude(Include.NON_NULL)
  record PublisherRequest(String userId, @Nullable Map<String, String> attributes) {}

  record PublisherAllRequest(String userId) {}

  record MediaServerRequest(String serverId, String stageArn) {}

  record NothingRequest() {}

  /** With a seat, in the header or here, nothing else is needed; with a key user and stage are. */
  @JsonInclude(Include.NON_NULL)
  record ViewerRequest(
      @Nullable String seat,
      @Nullable String userId,
      @Nullable String stageArn,
      @Nullable String participantId) {}

  /** Without a key, a seat, in the header or here. */
  @JsonInclude(Include.NON_NULL)
  record TicketRequest(@Nullable String seat) {}

  /** Likewise; with a key the participant, too. */
  @JsonInclude(Include.NON_NULL)
  record RejoinRequest(
      @Nullable String seat,
      @Nullable String userId,
      @Nullable String stageArn,
      @Nullable String participantId,
      @Nullable String reason) {}

  @JsonInclude(Include.NON_NULL)
  record BanRequest(String userId, @Nullable String until, @Nullable String reason) {}

  /** The user may be named in the query instead. */
  @JsonInclude(Include.NON_NULL)
  record UnbanRequest(@Nullable String userId) {}

  @JsonInclude(Include.NON_NULL)
  record KickRequest(String userId, @Nullable String reason) {}

  @JsonInclude(Include.NON_NULL)
  record DoorsRequest(boolean open, @Nullable String message) {}

  @JsonInclude(Include.NON_NULL)
  record EndRequest(@Nullable Integer afterSeconds) {}

  record ModeRequest(String mode) {}

  @JsonInclude(Include.NON_NULL)
  record FloorRequest(int seats, @Nullable String from, @Nullable String until) {}

  @JsonInclude(Include.NON_NULL)
  record StageRequest(String name, @Nullable Map<String, String> tags) {}

  record RenameRequest(String name) {}

  record ReplicationRequest(
      String sourceStageArn, String destinationStageArn, String participantId) {}

  /** As EventBridge delivers it; IVS defines the detail, and may add to it. */
  @JsonInclude(Include.NON_NULL)
  record IvsEventRequest(
      String source,
      @JsonProperty("detail-type") String detailType,
      @Nullable JsonNode resources,
      @Nullable JsonNode time,
      @Nullable JsonNode detail) {}
}
