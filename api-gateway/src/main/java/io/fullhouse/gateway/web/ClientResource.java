package io.fullhouse.gateway.web;

import io.fullhouse.gateway.openapi.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** The viewer client, for the pages of every origin: a module is always fetched with CORS. */
@Path("/fullhouse.js")
public final class ClientResource {
  /** A corrected client is in use as soon. */
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final StaticFile client = StaticFile.read("fullhouse.js", "text/javascript");

  @GET
  @Operation(value = "The viewer client, a JavaScript module", type = "text/javascript")
  public Response client(@Context Request request) {
    return client.answer(request, FRESH).header("Access-Control-Allow-Origin", "*").build();
  }
}
