package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.HeartbeatAnswer;
import io.fullhouse.gateway.ApiMessages.JoinAnswer;
import io.fullhouse.gateway.ApiMessages.LeaveAnswer;
import io.fullhouse.gateway.ApiRequests.RejoinRequest;
import io.fullhouse.gateway.ApiRequests.ViewerRequest;
import io.fullhouse.gateway.Claims.Participant;
import io.fullhouse.gateway.Heartbeats.Beat;
import io.fullhouse.gateway.auth.SeatOffice;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.gateway.openapi.Proof;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Heartbeat, leave, rejoin: for the viewer itself with its seat, or for a backend with a key.
 *
 * <p>Text is taken, too: a page can send it without a preflight, and while it is being closed.
 */
@Path("/api/viewer")
@Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
public final class ViewerResource {
  private final Claims claims;
  private final RequestLimits limits;
  private final Heartbeats heartbeats;
  private final Leaves leaves;
  private final Joins joins;
  private final SeatOffice seats;
  private final Duration heartbeatInterval;
  private final Answering answering;

  ViewerResource(
      Claims claims,
      RequestLimits limits,
      Heartbeats heartbeats,
      Leaves leaves,
      Joins joins,
      SeatOffice seats,
      Duration heartbeatInterval,
      Answering answering) {
    this.claims = claims;
    this.limits = limits;
    this.heartbeats = heartbeats;
    this.leaves = leaves;
    this.joins = joins;
    this.seats = seats;
    this.heartbeatInterval = heartbeatInterval;
    this.answering = answering;
  }

  @POST
  @Path("/heartbeat")
  @Operation(
      value = "The viewer still watches",
      body = ViewerRequest.class,
      data = HeartbeatAnswer.class,
      proof = Proof.SEAT,
      refuses = {
        ErrorCode.UNAUTHORIZED,
        ErrorCode.FORBIDDEN,
        ErrorCode.NOT_FOUND,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.SERVICE_UNAVAILABLE
      })
  public CompletionStage<Response> heartbeat(
      @Context HttpHeaders headers, @Context HttpServletRequest request, InputStream stream) {
    claims.checkKey(headers);
    Claim claim = claims.read(request, headers, RequestBody.read(stream), Participant.OPTIONAL);
    if (claim instanceof Claim.BySeat bySeat) {
      var seat = bySeat.proven().seat();
      limits.beat(seat.admission(), request);
      return answering.with(
          heartbeats
              .bySeat(seat, RequestId.of(request))
              .thenApply(beat -> heartbeat(seat.user(), seat.stage(), beat, fresh(bySeat, beat))));
    }
    Claim.ByKey byKey = (Claim.ByKey) claim;
    return answering.with(
        heartbeats
            .byKey(byKey, RequestId.of(request))
            .thenApply(beat -> heartbeat(byKey.user(), byKey.stage(), beat, Optional.empty())));
  }

  private Optional<String> fresh(Claim.BySeat claim, Beat beat) {
    return beat.seat()
        .map(seats::write)
        .or(() -> beat.updated() ? seats.renew(claim.proven()) : Optional.empty());
  }

  private HeartbeatAnswer heartbeat(
      UserId user, StageArn stage, Beat beat, Optional<String> freshSeat) {
    return new HeartbeatAnswer(
        user.value(),
        stage.value(),
        beat.updated(),
        heartbeatInterval.toSeconds(),
        beat.counts().total(),
        beat.counts().ofStage(),
        freshSeat.orElse(null),
        beat.next());
  }

  @POST
  @Path("/leave")
  @Operation(
      value = "The viewer leaves",
      body = ViewerRequest.class,
      data = LeaveAnswer.class,
      proof = Proof.SEAT,
      refuses = {
        ErrorCode.UNAUTHORIZED,
        ErrorCode.FORBIDDEN,
        ErrorCode.NOT_FOUND,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.SERVICE_UNAVAILABLE
      })
  public CompletionStage<Response> leave(
      @Context HttpHeaders headers, @Context HttpServletRequest request, InputStream stream) {
    claims.checkKey(headers);
    Claim claim = claims.read(request, headers, RequestBody.read(stream), Participant.OPTIONAL);
    if (claim instanceof Claim.BySeat bySeat) {
      limits.leave(bySeat.proven().seat().admission(), request);
    }
    return answering.with(
        leaves
            .leave(claim, RequestId.of(request))
            .thenApply(left -> new LeaveAnswer(left.user().value(), left.stage().value(), true)));
  }

  @POST
  @Path("/rejoin")
  @Operation(
      value = "The viewer comes back",
      body = RejoinRequest.class,
      data = JoinAnswer.class,
      proof = Proof.SEAT,
      refuses = {
        ErrorCode.UNAUTHORIZED,
        ErrorCode.FORBIDDEN,
        ErrorCode.NOT_FOUND,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.TOKEN_GENERATION_FAILED,
        ErrorCode.STAGE_FULL,
        ErrorCode.SERVICE_UNAVAILABLE
      })
  public CompletionStage<Response> rejoin(
      @Context HttpHeaders headers, @Context HttpServletRequest request, InputStream stream) {
    claims.checkKey(headers);
    RequestBody body = RequestBody.read(stream);
    RejoinReason reason =
        body.optional("reason", Parsed::of).map(RejoinReason::ofWireName).orElse(RejoinReason.USER);
    Claim claim = claims.read(request, headers, body, Participant.REQUIRED);
    String requestId = RequestId.of(request);
    if (claim instanceof Claim.BySeat bySeat) {
      return answering.with(
          limits
              .join(bySeat.proven().seat().user(), request)
              .thenCompose(granted -> joins.rejoin(bySeat.proven(), reason, requestId)));
    }
    Claim.ByKey byKey = (Claim.ByKey) claim;
    return answering.with(
        limits
            .join(byKey.user(), request)
            .thenCompose(granted -> joins.rejoin(byKey, reason, requestId)));
  }
}
