package io.fullhouse.gateway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.openapi.OpenApiDocument;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.gateway.openapi.Route;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.glassfish.jersey.server.ExtendedResourceContext;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document, made at the first look. Thread-safe. */
@Path("/openapi.json")
public final class OpenApiResource {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final String version;
  private @Nullable StaticFile document;

  /**
   * @param version of the software
   */
  public OpenApiResource(String version) {
    this.version = version;
  }

  @GET
  @Operation(value = "This document", type = "application/json")
  public Response document(@Context Request request, @Context ExtendedResourceContext jersey) {
    return document(jersey)
        .answer(request, FRESH)
        .header("Access-Control-Allow-Origin", "*")
        .build();
  }

  private synchronized StaticFile document(ExtendedResourceContext jersey) {
    StaticFile made = document;
    if (made == null) {
      made = make(Route.of(jersey.getResourceModel().getRootResources()));
      document = made;
    }
    return made;
  }

  private StaticFile make(List<Route> routes) {
    try {
      byte[] json = new ObjectMapper().writeValueAsBytes(new OpenApiDocument().of(routes, version));
      return StaticFile.of(json, "application/json");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
