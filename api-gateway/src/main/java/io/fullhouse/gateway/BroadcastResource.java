package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.EndAnswer;
import io.fullhouse.gateway.ApiRequests.EndRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.openapi.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operator ends the broadcast. */
@Path("/api/broadcast")
@Consumes(MediaType.APPLICATION_JSON)
public final class BroadcastResource {
  private static final Logger log = LoggerFactory.getLogger(BroadcastResource.class);

  private static final long MAX_AFTER_SECONDS = Duration.ofDays(1).toSeconds();

  private final OperatorDesk desk;
  private final Publishers publishers;
  private final Answering answering;

  BroadcastResource(OperatorDesk desk, Publishers publishers, Answering answering) {
    this.desk = desk;
    this.publishers = publishers;
    this.answering = answering;
  }

  /** Viewers are told to stop, nobody publishes, extra stages drain: now or later. */
  @POST
  @Path("/end")
  @Needs(Scope.OPERATE)
  @Operation(
      value = "The broadcast ends, now or later",
      body = EndRequest.class,
      data = EndAnswer.class)
  public CompletionStage<Response> end(@Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<Long> after = body.optionalNumber("afterSeconds", 0, MAX_AFTER_SECONDS);
    body.verify();
    Duration delay = Duration.ofSeconds(after.orElse(0L));
    return answering.with(
        publishers
            .end(delay, RequestId.of(request))
            .thenApply(at -> new EndAnswer(delay.isZero(), Timestamps.of(at))));
  }

  /** No end was meant: a planned one is called off, and viewers may join again. */
  @DELETE
  @Path("/end")
  @Needs(Scope.OPERATE)
  @Operation(value = "The end is called off", data = EndAnswer.class)
  public CompletionStage<Response> goOn() {
    return answering.with(
        desk.callOffEnd()
            .thenApply(
                done -> {
                  log.info("an operator calls the end of the broadcast off");
                  return new EndAnswer(false, null);
                }));
  }
}
