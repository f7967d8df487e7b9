package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.TicketAnswer;
import io.fullhouse.gateway.ApiRequests.TicketRequest;
import io.fullhouse.gateway.auth.Tickets;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.gateway.openapi.Proof;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** Lets a browser watch: a backend gets it a ticket with its key, or a viewer with its seat. */
@Path("/api/ticket")
@Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
public final class TicketResource {
  private final Claims claims;
  private final RequestLimits limits;
  private final Tickets tickets;
  private final InstantSource time;
  private final Answering answering;

  TicketResource(
      Claims claims,
      RequestLimits limits,
      Tickets tickets,
      InstantSource time,
      Answering answering) {
    this.claims = claims;
    this.limits = limits;
    this.tickets = tickets;
    this.time = time;
    this.answering = answering;
  }

  /** One ticket. */
  @POST
  @Operation(
      value = "A ticket for the event stream or the WebSocket",
      body = TicketRequest.class,
      data = TicketAnswer.class,
      proof = Proof.SEAT_OR_STATS_KEY,
      refuses = {
        ErrorCode.UNAUTHORIZED,
        ErrorCode.FORBIDDEN,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.SERVICE_UNAVAILABLE
      })
  public CompletionStage<Response> give(
      @Context HttpHeaders headers, @Context HttpServletRequest request, InputStream stream) {
    String whose = claims.watcher(request, headers, () -> RequestBody.read(stream));
    limits.ticket(whose, request);
    return answering.with(tickets.give(whose).thenApply(this::answer));
  }

  private TicketAnswer answer(String ticket) {
    return new TicketAnswer(
        ticket, Timestamps.of(time.instant().plus(Tickets.LIFE)), Tickets.LIFE.toSeconds());
  }
}
