package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fullhouse.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GatewayProbeTest {
  private static final String MASTER = "arn:aws:ivs:us-east-1:123456789012:stage/master";

  private final HttpServer gateway;
  private final GatewayProbe probe;

  GatewayProbeTest() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    probe =
        new GatewayProbe(
            "http://127.0.0.1:" + gateway.getAddress().getPort(), Optional.of("dev-key"), MASTER);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  @Test
  void a_gateway_that_does_not_listen_is_in_the_way() throws InterruptedException {
    GatewayProbe nobody =
        new GatewayProbe("http://127.0.0.1:" + FreePort.find(), Optional.empty(), MASTER);

    assertThat(nobody.obstacle())
        .hasValueSatisfying(text -> assertThat(text).contains("does not answer"));
  }

  @Test
  void a_gateway_that_is_not_ready_is_in_the_way() throws InterruptedException {
    answer("/health/ready", 503, "no Redis");

    assertThat(probe.obstacle()).contains("the gateway is not ready: no Redis");
  }

  @Test
  void a_stage_that_is_not_registered_is_in_the_way() throws InterruptedException {
    answer("/health/ready", 200, "{}");
    answer("/api/stats", 200, "{\"success\":true,\"data\":{\"stages\":[]}}");

    assertThat(probe.obstacle()).contains("the scaler has not registered the master stage yet");
  }

  @Test
  void nothing_is_in_the_way_once_the_stage_is_listed() throws InterruptedException {
    answer("/health/ready", 200, "{}");
    answer(
        "/api/stats",
        200,
        "{\"success\":true,\"data\":{\"stages\":[{\"stageArn\":\"" + MASTER + "\"}]}}");

    assertThat(probe.obstacle()).isEmpty();
  }

  @Test
  void stats_that_are_refused_are_in_the_way() throws InterruptedException {
    answer("/health/ready", 200, "{}");
    answer("/api/stats", 401, "who are you");

    assertThat(probe.obstacle()).contains("GET /api/stats answers 401: who are you");
  }

  private void answer(String path, int status, String body) {
    gateway.createContext(
        path,
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
