package io.fullhouse.gateway;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
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

  @GET
  public CompletionStage<Response> index(@Context ExtendedResourceContext jersey) {
    List<String> endpoints = Endpoints.of(jersey.getResourceModel().getRootResources());
    return now(new Index("Fullhouse gateway", Health.version(), "running", endpoints));
  }

  @GET
  @Path("/health")
  public CompletionStage<Response> health() {
    return answering.with(health.report());
  }

  /** The same, under the name that older clients use. */
  @GET
  @Path("/api/health")
  public CompletionStage<Response> apiHealth() {
    return health();
  }

  /** This process answers: says nothing of Redis, which a restart would not mend. */
  @GET
  @Path("/health/live")
  public CompletionStage<Response> live() {
    return now(Map.of("status", "live"));
  }

  /** A join could succeed. */
  @GET
  @Path("/health/ready")
  public CompletionStage<Response> ready() {
    return answering.with(health.ready());
  }

  private CompletionStage<Response> now(Object data) {
    return answering.with(CompletableFuture.completedStage(data));
  }
}
