package io.fullhouse.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as a client of its API sees it. Thread-safe: each caller waits for its own answer, on
 * its own thread alone, as most of a test's processor time would go from one to another otherwise.
 *
 * <p>The build sets {@code http.maxConnections} and {@code sun.net.http.retryPost}: as many
 * connections are kept as there are callers, and nothing is sent twice that nobody sent twice.
 */
final class GatewayClient {
  /** Far above every bound of the gateway's own. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final int NOT_ANSWERED = 0;
  private static final ObjectMapper JSON = new ObjectMapper();

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
    return send("GET", path, Map.of());
  }

  Answer post(String path, Map<String, ?> body) throws InterruptedException {
    return send("POST", path, body);
  }

  Answer delete(String path) throws InterruptedException {
    return send("DELETE", path, Map.of());
  }

  private Answer send(String method, String path, Map<String, ?> content)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    long start = System.nanoTime();
    int status = NOT_ANSWERED;
    String body;
    boolean retryAfter = false;
    try {
      HttpURLConnection call = call(method, path);
      if (method.equals("POST")) {
        call.setDoOutput(true);
        call.setRequestProperty("Content-Type", "application/json");
        call.getOutputStream().write(JSON.writeValueAsBytes(content));
      }
      status = call.getResponseCode();
      body = body(status < 400 ? call.getInputStream() : call.getErrorStream());
      retryAfter = call.getHeaderField("Retry-After") != null;
    } catch (IOException e) {
      status = NOT_ANSWERED;
      body = JSON.createObjectNode().put("failure", e.toString()).toString();
    }
    return new Answer(status, parse(body), retryAfter, Duration.ofNanos(System.nanoTime() - start));
  }

  private HttpURLConnection call(String method, String path) throws IOException {
    HttpURLConnection call = (HttpURLConnection) gateway.resolve(path).toURL().openConnection();
    call.setRequestMethod(method);
    call.setInstanceFollowRedirects(false);
    call.setConnectTimeout((int) TIMEOUT.toMillis());
    call.setReadTimeout((int) TIMEOUT.toMillis());
    call.setRequestProperty("X-API-Key", key);
    return call;
  }

  /** Read to its end: then the connection serves the next call. */
  private static String body(@Nullable InputStream stream) throws IOException {
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.nullNode();
    }
  }
}
