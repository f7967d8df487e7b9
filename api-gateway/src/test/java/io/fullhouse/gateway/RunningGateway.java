package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;

/**
 * A gateway in this JVM, as it is shipped but for its ports and rate limits, and a client of it.
 */
final class RunningGateway implements AutoCloseable {
  static final String MASTER = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456";
  static final String KEY = "all-key";
  static final String INTERNAL_SECRET = "studio-internal";

  private static final String IVS_ENDPOINT = "aws.endpointUrlIvsRealTime";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Milliseconds that a connection which the client keeps holds up a stop; else a second. */
  private static final long FAREWELL = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final DropwizardTestSupport<GatewayConfiguration> support;

  /** An answer, read as JSON. */
  record Answer(int status, Map<String, List<String>> headers, JsonNode body) {
    JsonNode data() {
      return body.path("data");
    }

    String code() {
      return body.path("error").path("code").asText();
    }

    String reason() {
      return body.path("error").path("details").path("reason").asText();
    }

    String header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.isEmpty() ? "" : values.get(0);
    }
  }

  private RunningGateway(
      String redisUri, URI ivs, InstantSource time, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("mode", "development");
    all.put("redis.url", redisUri);
    all.put("apiKeys", "all:" + KEY + ",reader:read-key:stats,door:join-key:join");
    all.put("seatSecrets", "k1:0123456789abcdef");
    all.put("internalSecret", INTERNAL_SECRET);
    all.put("ivs.masterStageArn", MASTER);
    all.put("rateLimits", "off"); // RateLimitTest has them on
    all.put("corsOrigins", "https://studio.example.org");
    all.put("server.applicationConnectors[0].port", "0");
    all.put("server.adminConnectors[0].port", "0");
    all.putAll(settings);
    List<ConfigOverride> overrides = new ArrayList<>();
    all.forEach((name, value) -> overrides.add(ConfigOverride.config(name, value)));
    System.setProperty(IVS_ENDPOINT, ivs.toString());
    support =
        new DropwizardTestSupport<>(
            GatewayApplication.class,
            GatewaySettingsTest.SHIPPED,
            overrides.toArray(ConfigOverride[]::new)) {
          @Override
          public Application<GatewayConfiguration> newApplication() {
            return new GatewayApplication(time);
          }
        };
    try {
      support.before();
    } catch (Exception e) {
      throw new IllegalStateException("the gateway does not start", e);
    } finally {
      System.clearProperty(IVS_ENDPOINT);
    }
  }

  static RunningGateway start(String redisUri, StubIvs ivs, Map<String, String> settings) {
    return new RunningGateway(redisUri, ivs.uri(), InstantSource.system(), settings);
  }

  static RunningGateway start(
      String redisUri, StubIvs ivs, InstantSource time, Map<String, String> settings) {
    return new RunningGateway(redisUri, ivs.uri(), time, settings);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + support.getLocalPort() + path);
  }

  long counter(String name) {
    return support.getEnvironment().metrics().counter(name).getCount();
  }

  /** A metric that is read rather than counted. */
  long gauge(String name) {
    Gauge<?> gauge = support.getEnvironment().metrics().getGauges().get(name);
    return gauge != null && gauge.getValue() instanceof Number value ? value.longValue() : -1;
  }

  /** What serves the routes. */
  Set<Class<?>> resources() {
    return support.getEnvironment().jersey().getResourceConfig().getClasses();
  }

  /** Requests that are not answered to the end. */
  long activeRequests() {
    return support.getEnvironment().metrics().getCounters().entrySet().stream()
        .filter(counter -> counter.getKey().endsWith("active-requests"))
        .mapToLong(counter -> counter.getValue().getCount())
        .sum();
  }

  Answer get(String path) {
    return send(request(path).header("X-API-Key", KEY).GET().build());
  }

  Answer post(String path, String json) {
    return send(posted(path, json));
  }

  CompletableFuture<Answer> getLater(String path) {
    return sendLater(request(path).header("X-API-Key", KEY).GET().build());
  }

  CompletableFuture<Answer> postLater(String path, String json) {
    return sendLater(posted(path, json));
  }

  CompletableFuture<Answer> sendLater(HttpRequest request) {
    return http.sendAsync(request, BodyHandlers.ofString()).thenApply(RunningGateway::answer);
  }

  private HttpRequest posted(String path, String json) {
    return request(path)
        .header("X-API-Key", KEY)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  /** Refused as the contract says, in the envelope. */
  static void assertRefused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.body().path("success").asBoolean(true)).isFalse();
    assertThat(answer.body().path("timestamp").asText()).endsWith("Z");
    assertThat(answer.header("x-request-id")).isNotEmpty();
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    if (status == 503 || status == 429) {
      assertThat(answer.header("retry-after"))
          .matches("[1-9][0-9]*")
          .isEqualTo(answer.body().at("/error/details/retryAfterSeconds").asText());
    }
  }

  /** With a seat and nothing else. */
  Answer postSeat(String path, String seat) {
    return send(
        request(path)
            .header("Authorization", "Bearer " + seat)
            .POST(BodyPublishers.noBody())
            .build());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
  }

  Answer send(HttpRequest request) {
    try {
      return answer(http.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    try {
      return new Answer(
          response.statusCode(), response.headers().map(), JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + response.body(), e);
    }
  }

  @Override
  public void close() {
    for (Connector connector :
        support.getEnvironment().getApplicationContext().getServer().getConnectors()) {
      if (connector instanceof AbstractConnector listener) {
        listener.setShutdownIdleTimeout(FAREWELL);
      }
    }
    support.after();
  }
}
