package io.fullhouse.gateway;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** For people, load balancers and orchestrators. Needs no key. */
@Path("/")
public final class HealthResource {
  private static final List<String> ENDPOINTS =
      List.of(
          "POST /api/token/publisher",
          "POST /api/token/viewer",
          "POST /api/viewer/heartbeat",
          "POST /api/viewer/leave",
          "POST /api/viewer/rejoin",
          "POST /api/publisher/offline",
          "PUT /api/doors",
          "POST /api/broadcast/end",
          "DELETE /api/broadcast/end",
          "GET /api/stage/list",
          "GET /api/stage/master/info",
          "GET /api/stage/{stageArn}",
          "POST /api/stage",
          "PUT /api/stage/{stageArn}",
          "DELETE /api/stage/{stageArn}",
          "GET /api/scaler",
          "GET /api/scaler/decisions",
          "PUT /api/scaler/mode",
          "PUT /api/scaler/floor",
          "GET /api/stats",
          "GET /api/stats/viewers",
          "GET /api/stats/publisher",
          "GET /api/stats/stages",
          "GET /fullhouse.js",
          "GET /health",
          "GET /health/live",
          "GET /health/ready");

  private final Health health;
  private final Answering answering;

  HealthResource(Health health, Answering answering) {
    this.health = health;
    this.answering = answering;
  }

  record Index(String service, String version, String status, List<String> endpoints) {}

  @GET
  public CompletionStage<Response> index() {
    return now(new Index("Fullhouse gateway", Health.version(), "running", ENDPOINTS));
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
