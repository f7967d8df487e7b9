package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway as a process of its own, as it is started in production. */
final class GatewayProcessTest {
  private static final Duration START = Duration.ofSeconds(90);

  @TempDir private Path directory;

  private final int port = FreePort.find();
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "HTTP_PORT", Integer.toString(port),
              "ADMIN_PORT", "0",
              "FULLHOUSE_MODE", "development",
              "SEAT_SECRETS", "k1:hunter2-hunter2",
              "MASTER_STAGE_ARN", RunningGateway.MASTER));

  private Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(GatewayApplication.class, arguments));
    builder.environment().keySet().removeIf(name -> name.matches("(AWS|REDIS|MASTER|API|SEAT)_.*"));
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(directory.resolve("output").toFile())
        .redirectError(directory.resolve("errors").toFile())
        .start();
  }

  private static int exitCode(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(START.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SEAT_SECRETS||SEAT_SECRETS is not set",
        "HTTP_PORT|many|applicationConnectors",
      })
  void a_bad_setting_is_told_in_one_line(String variable, String value, String message)
      throws Exception {
    environment.put(variable, value == null ? "" : value);

    assertThat(exitCode(start("server", GatewaySettingsTest.SHIPPED))).isNotZero();
    assertThat(errors()).singleElement().asString().contains(message);
  }

  @Test
  void a_port_that_is_taken_is_told_in_one_line() throws Exception {
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
      assertThat(exitCode(start("server", GatewaySettingsTest.SHIPPED))).isNotZero();
    }
    assertThat(errors()).singleElement().asString().contains("already in use");
  }

  @Test
  void a_start_without_a_file_is_told_what_is_missing() throws Exception {
    assertThat(exitCode(start("server"))).isNotZero();
    assertThat(errors()).contains("too few arguments");
  }

  @Test
  void help_is_given_on_request() throws Exception {
    assertThat(exitCode(start("--help"))).isZero();
    assertThat(Files.readString(directory.resolve("output"))).contains("usage:", "server");
  }

  @Test
  void a_gateway_told_to_stop_says_bye_and_ends() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults())) {
      environment.put("REDIS_URL", redis.uri());
      Process process = start("server", GatewaySettingsTest.SHIPPED);
      try (RedisView view = new RedisView(redis.uri())) {
        await().atMost(START).until(() -> view.call(c -> c.xlen(view.keys.events())) > 0);
        assertThat(get("/health/live")).isEqualTo(200);

        process.destroy();

        assertThat(exitCode(process)).isIn(0, 143);
        assertThat(view.entries())
            .singleElement()
            .satisfies(entry -> assertThat(entry).containsEntry("t", "bye"));
      }
    }
    assertThat(errors()).isEmpty();
    assertThat(Files.readString(directory.resolve("output"))).doesNotContain("hunter2", "WARN");
  }

  private int get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private List<String> errors() throws IOException {
    return Files.readAllLines(directory.resolve("errors"));
  }
}
