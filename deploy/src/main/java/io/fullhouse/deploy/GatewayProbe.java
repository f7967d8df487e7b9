package io.fullhouse.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks a gateway, as a client would, whether a join would succeed. Thread-safe. */
final class GatewayProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final String gateway;
  private final Optional<String> statsKey;
  private final String masterStage;

  /**
   * @param gateway its base URL
   * @param statsKey an API key that may read the counts; without one only the readiness is asked
   * @param masterStage the ARN of the stage that must have a seat to give
   */
  GatewayProbe(String gateway, Optional<String> statsKey, String masterStage) {
    this.gateway = gateway;
    this.statsKey = statsKey;
    this.masterStage = masterStage;
  }

  /** What is still in the way of a join; empty when nothing is. */
  Optional<String> obstacle() throws InterruptedException {
    try {
      HttpResponse<String> ready = get("/health/ready", Optional.empty());
      if (ready.statusCode() != OK) {
        return Optional.of("the gateway is not ready: " + ready.body());
      }
      return statsKey.isEmpty() ? Optional.empty() : stageObstacle();
    } catch (IOException e) {
      return Optional.of("the gateway does not answer yet: " + e);
    }
  }

  private Optional<String> stageObstacle() throws IOException, InterruptedException {
    HttpResponse<String> stats = get("/api/stats", statsKey);
    if (stats.statusCode() != OK) {
      return Optional.of("GET /api/stats answers " + stats.statusCode() + ": " + stats.body());
    }
    for (JsonNode stage : parse(stats.body()).at("/data/stages")) {
      if (stage.path("stageArn").asText().equals(masterStage)) {
        return Optional.empty();
      }
    }
    return Optional.of("the scaler has not registered the master stage yet");
  }

  private JsonNode parse(String body) throws IOException {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException("GET /api/stats answers no JSON", e);
    }
  }

  private HttpResponse<String> get(String path, Optional<String> key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway + path)).timeout(TIMEOUT).GET();
    key.ifPresent(value -> request.header("X-API-Key", value));
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
