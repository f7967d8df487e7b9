package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiRequests.ReplicationRequest;
import io.fullhouse.gateway.ScalerMessages.PublishersAnswer;
import io.fullhouse.gateway.ScalerMessages.ReplicationStarted;
import io.fullhouse.gateway.ScalerMessages.ReplicationStatus;
import io.fullhouse.gateway.ScalerMessages.ReplicationStopped;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Which stage shows whose publisher: seen and changed by hand, through the scaler. */
@Path("/api/stage/replication")
@Consumes(MediaType.APPLICATION_JSON)
public final class ReplicationResource {
  private final FleetReader fleet;
  private final StageCommands commands;
  private final Answering answering;

  ReplicationResource(FleetReader fleet, StageCommands commands, Answering answering) {
    this.fleet = fleet;
    this.commands = commands;
    this.answering = answering;
  }

  /** The destination shows the source's publishers from now on, and no other's. */
  @POST
  @Path("/start")
  @Needs(Scope.STAGES)
  @Operation(
      value = "A stage shows another one's publisher",
      body = ReplicationRequest.class,
      data = ReplicationStarted.class,
      refuses = {ErrorCode.NOT_FOUND, ErrorCode.STAGE_LIMIT_REACHED})
  public CompletionStage<Response> start(InputStream stream) {
    return changed("replicate", stream);
  }

  /** The destination shows nobody from elsewhere: it closes, and its viewers are moved. */
  @DELETE
  @Path("/stop")
  @Needs(Scope.STAGES)
  @Operation(
      value = "A stage shows nobody from elsewhere any more",
      body = ReplicationRequest.class,
      data = ReplicationStopped.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> stop(InputStream stream) {
    return changed("unreplicate", stream);
  }

  private CompletionStage<Response> changed(String operation, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<StageArn> source = body.required("sourceStageArn", Ids::stage);
    Optional<StageArn> destination = body.required("destinationStageArn", Ids::stage);
    Optional<ParticipantId> participant = body.required("participantId", Ids::participant);
    body.verify();
    return answering.with(
        commands.carryOut(
            Map.of(
                "op",
                operation,
                "source",
                source.orElseThrow().value(),
                "stage",
                destination.orElseThrow().value(),
                "participant",
                participant.orElseThrow().value())));
  }

  /** Who is shown on the stage from elsewhere, as far as the scaler that acts knows of IVS. */
  @GET
  @Path("/status/{stage: .+}")
  @Needs(Scope.STAGES)
  @Operation(
      value = "Who is shown on a stage from elsewhere",
      data = ReplicationStatus.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> status(@PathParam("stage") String stage) {
    return answering.with(
        fleet
            .one(stage)
            .thenCompose(
                found ->
                    commands.carryOut(Map.of("op", "replication", "stage", found.stageArn()))));
  }

  /** Who publishes. */
  @GET
  @Path("/publisher-info")
  @Needs(Scope.STAGES)
  @Operation(value = "Who publishes", data = PublishersAnswer.class)
  public CompletionStage<Response> publisherInfo() {
    return answering.with(commands.carryOut(Map.of("op", "publishers")));
  }
}
