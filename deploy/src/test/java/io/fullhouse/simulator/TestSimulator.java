package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.testing.MutableTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;

/** A simulator with a settable clock, the SDK clients that talk to it and plain HTTP. */
final class TestSimulator implements AutoCloseable {
  static final String ACCESS_KEY = "AKIASIMULATED";

  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MutableTime time = MutableTime.at(START);
  private final HttpClient http = HttpClient.newHttpClient();
  private final IvsSimulator simulator;
  private final IvsRealTimeClient ivs;
  private final EventBridgeClient events;

  /** One without rate limits, as nearly every test wants it. */
  TestSimulator() {
    this(SimulatorOptions::withoutRateLimits);
  }

  TestSimulator(UnaryOperator<SimulatorOptions> options) {
    simulator = IvsSimulator.start(options.apply(SimulatorOptions.defaults().withTime(time)));
    ivs = ivsClient(Duration.ofSeconds(10));
    events = configure(EventBridgeClient.builder(), Duration.ofSeconds(10)).build();
  }

  IvsSimulator simulator() {
    return simulator;
  }

  /** A client that tries once. */
  IvsRealTimeClient ivs() {
    return ivs;
  }

  /** A client that tries once and gives up after a while; the caller closes it. */
  IvsRealTimeClient ivsClient(Duration patience) {
    return configure(IvsRealTimeClient.builder(), patience).build();
  }

  /** A client that retries as the SDK does by default; the caller closes it. */
  IvsRealTimeClient retryingIvsClient() {
    return connect(IvsRealTimeClient.builder()).build();
  }

  EventBridgeClient events() {
    return events;
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configure(
      B builder, Duration patience) {
    connect(builder);
    builder.overrideConfiguration(
        o -> o.apiCallTimeout(patience).retryStrategy(AwsRetryStrategy.doNotRetry()));
    return builder;
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B connect(B builder) {
    builder.endpointOverride(simulator.uri());
    builder.region(Region.US_EAST_1);
    builder.credentialsProvider(
        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, "secret")));
    builder.httpClientBuilder(UrlConnectionHttpClient.builder());
    return builder;
  }

  Instant now() {
    return time.instant();
  }

  void pass(Duration duration) {
    time.advance(duration);
  }

  HttpResponse<String> http(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(simulator.uri() + path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Steers; the answer must be 200. */
  JsonNode steer(String method, String path, String body) {
    HttpResponse<String> answer = http(method, "/_sim" + path, body);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return json(answer);
  }

  JsonNode look(String path) {
    return steer("GET", path, "");
  }

  int stageCount() {
    return look("/stages").get("stages").size();
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  @Override
  public void close() {
    ivs.close();
    events.close();
    simulator.close();
  }
}
