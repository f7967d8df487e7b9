package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.gateway.openapi.Route;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.glassfish.jersey.server.ExtendedResourceContext;

/** For people, load balancers and orchestrators. Needs no key. */
@Path("/")
public final class HealthResource {
  private final Health health;
  private final Answering answering;

  HealthResource(Health health, Answering answering) {
    this.health = health;
    this.answering = answering;
  }

  record Index(String service, String version, String status, List<String> endpoints) {}

  record Alive(String status) {}

  @GET
  @Operation(value = "What this is, and all its routes", data = Index.class)
  public CompletionStage<Response> index(@Context ExtendedResourceContext jersey) {
    List<String> endpoints =
        Route.of(jersey.getResourceModel().getRootResources()).stream()
            .map(Route::toString)
            .toList();
    return now(new Index("Fullhouse gateway", Health.version(), "running", endpoints));
  }

  @GET
  @Path("/health")
  @Operation(value = "How the gateway does", data = Health.Report.class)
  public CompletionStage<Response> health() {
    return answering.with(health.report());
  }

  /** The same, under the name that older clients use. */
  @GET
  @Path("/api/health")
  @Operation(value = "How the gateway does, under an older name", data = Health.Report.class)
  public CompletionStage<Response> apiHealth() {
    return health();
  }

  /** This process answers: says nothing of Redis, which a restart would not mend. */
  @GET
  @Path("/health/live")
  @Operation(value = "The process answers", data = Alive.class)
  public CompletionStage<Response> live() {
    return now(new Alive("live"));
  }

  /** A join could succeed. */
  @GET
  @Path("/health/ready")
  @Operation(
      value = "A join could succeed",
      data = Health.Ready.class,
      refuses = ErrorCode.SERVICE_UNAVAILABLE)
  public CompletionStage<Response> ready() {
    return answering.with(health.ready());
  }

  private CompletionStage<Response> now(Object data) {
    return answering.with(CompletableFuture.completedStage(data));
  }
}
