package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.auth.Tickets;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.CorsFilter;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.limit.QuotaHeaders;
import io.fullhouse.gateway.live.EventStream;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.EntryId;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The numbers as they change, for as long as the client stays.
 *
 * <p>Jersey decides who may watch; then the response is taken from it, as it would write each event
 * with a thread that waits for the client.
 */
@Path("/api/stats/stream")
public final class StatsStreamResource {
  private final LiveDoor door;
  private final CorsFilter cors;

  StatsStreamResource(LiveDoor door, CorsFilter cors) {
    this.door = door;
    this.cors = cors;
  }

  /**
   * An event stream.
   *
   * @param header the last event that the client knows; the query says so for one that cannot send
   *     a header, and goes first
   */
  @GET
  @Needs(value = Scope.STATS, orTicket = true)
  @Operation(value = "The numbers as they change", type = MediaType.SERVER_SENT_EVENTS)
  public void stream(
      @Suspended AsyncResponse answer,
      @Context ContainerRequestContext context,
      @Context HttpServletRequest request,
      @HeaderParam("Last-Event-ID") @Nullable String header,
      @QueryParam("lastEventId") @Nullable String query,
      @QueryParam(Tickets.PARAMETER) @Nullable String ticket) {
    Optional<EntryId> after = query == null ? known(header) : known(query);
    AsyncContext taken = request.getAsyncContext();
    door.open(
        context,
        Optional.ofNullable(ticket),
        answer,
        () -> {
          if (request.getMethod().equals(HttpMethod.HEAD)) { // to Jersey it is a GET
            door.hub().leave();
            answer.resume(Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build());
          } else {
            start(taken, headers(context), after);
          }
        });
  }

  private static Optional<EntryId> known(@Nullable String id) {
    if (id == null || id.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(EntryId.parse(id));
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("lastEventId", Phrase.MUST_BE_EVENT_ID);
    }
  }

  private MultivaluedMap<String, Object> headers(ContainerRequestContext context) {
    MultivaluedMap<String, Object> headers = new MultivaluedHashMap<>();
    headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    headers.putSingle("X-Accel-Buffering", "no"); // nginx would keep events back
    cors.tell(context, headers);
    QuotaHeaders.tell(context, headers);
    return headers;
  }

  private void start(
      AsyncContext taken, MultivaluedMap<String, Object> headers, Optional<EntryId> after) {
    HttpServletResponse response = (HttpServletResponse) taken.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream;charset=utf-8");
    headers.forEach(
        (name, values) -> values.forEach(value -> response.addHeader(name, value.toString())));
    try {
      EventStream.start(door.hub(), taken, after, door.slowAfter());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
