package io.fullhouse.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A gateway as a client of its API sees it. Thread-safe: each caller waits for its own answer. */
final class GatewayClient {
  /** Far above every bound of the gateway's own. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final int NOT_ANSWERED = 0;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
  private final URI gateway;
  private final String key;

  GatewayClient(URI gateway, String key) {
    this.gateway = gateway;
    this.key = key;
  }

  /**
   * What came back.
   *
   * @param status 0 when the connection could not be made or broke
   * @param body null node when it is not JSON
   */
  record Answer(int status, JsonNode body, boolean retryAfter, Duration took) {
    boolean isOk() {
      return status == 200;
    }

    JsonNode data(String field) {
      return body.path("data").path(field);
    }

    String errorCode() {
      return body.path("error").path("code").asText();
    }
  }

  URI uri() {
    return gateway;
  }

  Answer get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  Answer post(String path, Map<String, ?> body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.valueToTree(body).toString())));
  }

  Answer delete(String path) throws InterruptedException {
    return send(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path)).timeout(TIMEOUT).header("X-API-Key", key);
  }

  private Answer send(HttpRequest.Builder request) throws InterruptedException {
    long start = System.nanoTime();
    int status = NOT_ANSWERED;
    String body = "";
    boolean retryAfter = false;
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      status = response.statusCode();
      body = response.body();
      retryAfter = response.headers().firstValue("Retry-After").isPresent();
    } catch (IOException e) {
      body = JSON.createObjectNode().put("failure", e.toString()).toString();
    }
    return new Answer(status, parse(body), retryAfter, Duration.ofNanos(System.nanoTime() - start));
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.nullNode();
    }
  }
}
