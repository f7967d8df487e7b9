package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.OfflineAnswer;
import io.fullhouse.gateway.ApiRequests.NothingRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.openapi.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/** An operator's word on the publisher. */
@Path("/api/publisher")
@Consumes(MediaType.APPLICATION_JSON)
public final class PublisherResource {
  private final Publishers publishers;
  private final Answering answering;

  PublisherResource(Publishers publishers, Answering answering) {
    this.publishers = publishers;
    this.answering = answering;
  }

  /** Nobody publishes any more, until the next publisher token. */
  @POST
  @Path("/offline")
  @Needs(Scope.PUBLISH)
  @Operation(
      value = "Nobody publishes any more",
      body = NothingRequest.class,
      data = OfflineAnswer.class)
  public CompletionStage<Response> offline(
      @Context HttpServletRequest request, InputStream stream) {
    RequestBody.read(stream); // it has no fields, but what is sent must be readable
    return answering.with(
        publishers.offline(RequestId.of(request)).thenApply(done -> new OfflineAnswer(false)));
  }
}
