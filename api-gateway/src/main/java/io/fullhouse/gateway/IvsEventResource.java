package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.IvsEventAnswer;
import io.fullhouse.gateway.ApiRequests.IvsEventRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where an API destination of EventBridge delivers IVS's own events. */
@Path("/api/events")
@Consumes(MediaType.APPLICATION_JSON)
public final class IvsEventResource {
  private final IvsEvents events;
  private final EventLog log;
  private final Answering answering;

  IvsEventResource(IvsEvents events, EventLog log, Answering answering) {
    this.events = events;
    this.log = log;
    this.answering = answering;
  }

  /** One event. While Redis is away nothing is refused for good: EventBridge repeats a 5xx only. */
  @POST
  @Path("/ivs")
  @Needs(Scope.EVENTS)
  @Operation(
      value = "One of IVS's own events",
      body = IvsEventRequest.class,
      data = IvsEventAnswer.class)
  public CompletionStage<Response> ivs(@Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    String requestId = RequestId.of(request);
    Language language = Language.of(request);
    return answering.with(
        log.reachable()
            .thenCompose(
                reachable -> {
                  Optional<String> source = body.required("source", Parsed::of);
                  Optional<String> type = body.required("detail-type", Parsed::of);
                  body.verify();
                  if (!IvsStageEvent.isStageUpdate(source.orElseThrow(), type.orElseThrow())) {
                    return IvsEvents.ignored(Phrase.NOT_ABOUT_A_STAGE, language);
                  }
                  IvsStageEvent event =
                      IvsStageEvent.read(
                          body.node("detail"), body.node("resources"), body.node("time").asText());
                  try {
                    return events.take(event, requestId, language);
                  } catch (IllegalArgumentException e) {
                    throw ApiException.invalid("detail", Phrase.IMPOSSIBLE_IN_IVS);
                  }
                }));
  }
}
