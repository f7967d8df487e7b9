package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import java.io.IOException;
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

/** The scaler worker as a process of its own, as it is started in production. */
final class ScalerProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final int adminPort = FreePort.find();
  private final Path output;
  private final Path errors;
  private final Process process;

  private ScalerProcess(Path directory, Map<String, String> environment) throws IOException {
    output = directory.resolve("output.log");
    errors = directory.resolve("errors.log");
    ProcessBuilder builder =
        new ProcessBuilder(
            JavaCommand.of(ScalerApplication.class, "server", ScalerConfigurationTest.SHIPPED));
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("ADMIN_PORT", Integer.toString(adminPort));
    all.put("FULLHOUSE_MODE", "development");
    builder.environment().keySet().removeIf(name -> name.matches("(AWS|REDIS|MASTER)_.*"));
    builder.environment().putAll(all);
    process = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
  }

  static ScalerProcess start(Path directory, Map<String, String> environment) throws IOException {
    return new ScalerProcess(directory, environment);
  }

  /** Each health check by its name; empty while it does not answer. */
  JsonNode health() throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/healthcheck");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  /** Asks it to stop. */
  void terminate() {
    process.destroy();
  }

  int exitCode(Duration within) throws InterruptedException {
    assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    return process.exitValue();
  }

  List<String> output() throws IOException {
    return Files.readAllLines(output);
  }

  List<String> errors() throws IOException {
    return Files.readAllLines(errors);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
