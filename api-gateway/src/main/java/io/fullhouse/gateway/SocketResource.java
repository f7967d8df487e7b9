package io.fullhouse.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.auth.Tickets;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.live.Socket;
import io.fullhouse.gateway.openapi.Operation;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/**
 * The numbers as they change, on a WebSocket. Jersey decides who may watch; then the connection
 * speaks HTTP no more. From any origin: a page has nothing to show but the ticket it was given.
 */
@Path("/ws")
public final class SocketResource {
  private final LiveDoor door;
  private final Supplier<ServerWebSocketContainer> sockets;
  private final InstantSource time;
  private final ObjectMapper json;

  SocketResource(
      LiveDoor door,
      Supplier<ServerWebSocketContainer> sockets,
      InstantSource time,
      ObjectMapper json) {
    this.door = door;
    this.sockets = sockets;
    this.time = time;
    this.json = json;
  }

  /** From here on a WebSocket. */
  @GET
  @Needs(value = Scope.STATS, orTicket = true)
  @Operation(value = "The numbers as they change, on a WebSocket", status = 101)
  public void upgrade(
      @Suspended AsyncResponse answer,
      @Context ContainerRequestContext context,
      @Context HttpServletRequest request,
      @QueryParam(Tickets.PARAMETER) @Nullable String ticket) {
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        || !context.getMethod().equals("GET")) {
      throw noSocket();
    }
    AsyncContext taken = request.getAsyncContext();
    Language language = Language.of(request);
    door.open(context, Optional.ofNullable(ticket), answer, () -> upgrade(taken, language));
  }

  private static ApiException noSocket() {
    return ApiException.invalid("Upgrade", Phrase.MUST_ASK_FOR_WEBSOCKET);
  }

  private void upgrade(AsyncContext taken, Language language) {
    ServletContextRequest request =
        ServletContextRequest.getServletContextRequest(taken.getRequest());
    Socket socket =
        new Socket(
            door.hub(),
            door.slowAfter(),
            opened -> new SocketConversation(opened, language, time, json));
    boolean upgraded =
        sockets
            .get()
            .upgrade(
                (asked, answered, callback) -> {
                  answered.setExtensions(List.of()); // compression costs more than it saves here
                  return socket;
                },
                request,
                request.getServletContextResponse(),
                Callback.from(taken::complete));
    if (!upgraded) {
      throw noSocket();
    }
    socket.start();
  }
}
