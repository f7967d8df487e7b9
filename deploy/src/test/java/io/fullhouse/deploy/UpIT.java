package io.fullhouse.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.TiedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the jars that were just built, as a person runs it. */
final class UpIT {
  private static final Duration START_BOUND = Duration.ofMinutes(2);
  private static final Duration STOP_BOUND = Duration.ofMinutes(1);
  private static final Pattern PORT = Pattern.compile("://[a-z0-9.]+:([0-9]+)");

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  /** One run of the launcher. */
  private record Run(TiedProcess launcher, Queue<String> output) implements AutoCloseable {
    String readyLine() {
      return output.stream().filter(line -> line.startsWith("ready")).findFirst().orElse("");
    }

    String gateway() {
      return readyLine().replaceFirst(".*gateway (\\S+).*", "$1");
    }

    URI simulator() {
      return URI.create(readyLine().replaceFirst(".*simulator (\\S+).*", "$1"));
    }

    List<Integer> ports() {
      Matcher matcher = PORT.matcher(readyLine());
      return matcher.results().map(result -> Integer.valueOf(result.group(1))).toList();
    }

    List<String> lines(String beginning) {
      return output.stream().filter(line -> line.startsWith(beginning)).toList();
    }

    @Override
    public void close() {
      launcher.close();
    }
  }

  @Test
  void a_stopped_run_goes_on_where_it_was_and_a_killed_one_leaves_nothing_running()
      throws Exception {
    String seat;
    String token;
    JsonNode stages;
    try (Run run = ready("--data", "data")) {
      assertThat(run.readyLine()).contains("  demo " + run.gateway() + "/demo  ");
      post(run, "/api/token/publisher", Map.of("userId", "publisher"));
      JsonNode joined = post(run, "/api/token/viewer", Map.of("userId", "viewer")).path("data");
      seat = joined.path("seat").asText();
      token = joined.path("token").asText();
      await().atMost(STOP_BOUND).until(() -> totalViewers(run) == 1);
      post(run, "/api/stage", Map.of("name", "second-room"));
      stages = simulated(run);
      assertThat(stages.findValuesAsText("name")).containsExactly("master", "second-room");

      run.launcher().terminate();

      assertThat(run.launcher().waitForExit(STOP_BOUND)).isTrue();
      assertThat(run.launcher().exitCode()).isEqualTo(143);
      assertThat(run.lines("up: stopping"))
          .containsExactly(
              "up: stopping gateway",
              "up: stopping scaler",
              "up: stopping counter",
              "up: stopping the simulator",
              "up: stopping Redis");
      assertThat(run.ports()).isNotEmpty().allMatch(FreePort::isFree);
    }
    try (Run run = ready("--data", "data", "--counters", "2")) {
      assertThat(totalViewers(run)).isEqualTo(1);
      assertThat(simulated(run)).isEqualTo(stages);
      assertThat(steer(run, "/connect", Map.of("token", token)).path("participantId").asText())
          .isNotEmpty();
      assertThat(post(run, "/api/viewer/leave", Map.of("seat", seat)).at("/data/viewerLeft"))
          .hasToString("true");
      await().atMost(STOP_BOUND).until(() -> totalViewers(run) == 0);
      List<ProcessHandle> processes = processes(run);
      assertThat(processes).hasSizeGreaterThanOrEqualTo(5);

      run.launcher().kill();

      await()
          .atMost(STOP_BOUND)
          .untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
      assertThat(run.ports()).isNotEmpty().allMatch(FreePort::isFree);
    }
  }

  @Test
  void tokens_are_signed_here_publishers_seen_by_ivs_and_a_service_that_dies_ends_the_run()
      throws Exception {
    try (Run run = started(Map.of("TOKEN_MODE", "self-signed"))) {
      JsonNode publisher = post(run, "/api/token/publisher", Map.of("userId", "publisher"));
      String token =
          post(run, "/api/token/viewer", Map.of("userId", "viewer")).at("/data/token").asText();

      Map<String, String> shown = Map.of("token", token);
      JsonNode connected = steer(run, "/connect", shown);
      assertThat(connected.path("participantId").asText()).isNotEmpty();
      byte[] header = Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]);
      assertThat(new String(header, UTF_8)).contains("\"ES384\"", ":public-key/");

      steer(run, "/connect", Map.of("token", publisher.at("/data/token").asText()));
      steer(
          run,
          "/publish",
          Map.of(
              "stageArn", publisher.at("/data/stageArn").asText(),
              "participantId", publisher.at("/data/participantId").asText()));
      await()
          .atMost(STOP_BOUND)
          .until(
              () -> get(run, "/api/stats/publisher").at("/data/evidence").asText().equals("ivs"));

      processes(run).stream()
          .filter(process -> process.info().commandLine().orElse("").contains("counter-worker.jar"))
          .forEach(ProcessHandle::destroyForcibly);

      assertThat(run.launcher().waitForExit(STOP_BOUND)).isTrue();
      assertThat(run.launcher().exitCode()).isEqualTo(1);
      assertThat(run.lines("up: counter ended")).hasSize(1);
      assertThat(run.ports()).isNotEmpty().allMatch(FreePort::isFree);
    }
  }

  @Test
  void a_setting_that_a_service_refuses_is_shown() {
    try (Run run = start(Map.of("STAGE_CAPACITY", "none"))) {
      assertThat(run.launcher().waitForExit(START_BOUND)).isTrue();

      assertThat(run.launcher().exitCode()).isEqualTo(1);
      assertThat(run.output()).anyMatch(line -> line.matches("up: \\w+ ended with exit code .*"));
      assertThat(run.lines("  | ")).isNotEmpty();
    }
  }

  private Run ready(String... options) {
    return started(Map.of(), options);
  }

  private Run started(Map<String, String> environment, String... options) {
    Run run = start(environment, options);
    await()
        .atMost(START_BOUND)
        .until(() -> !run.readyLine().isEmpty() || !run.launcher().isAlive());
    assertThat(run.readyLine()).as(() -> String.join("\n", run.output())).isNotEmpty();
    return run;
  }

  private Run start(Map<String, String> environment, String... options) {
    ServiceArchives.make();
    Queue<String> output = new ConcurrentLinkedQueue<>();
    List<String> command =
        Stream.concat(
                JavaCommand.ofJar(Path.of("target", "deploy.jar").toAbsolutePath(), "up").stream(),
                Stream.of(options))
            .toList();
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_TOOL_OPTIONS", JavaCommand.OPTIONS);
    all.putAll(Map.of("HTTP_PORT", "0", "ADMIN_PORT", "0", "SIMULATOR_PORT", "0", "REDIS_URL", ""));
    return new Run(TiedProcess.start(command, all, directory, output::add), output);
  }

  /** Everything under the launcher: shells, services, Redis. */
  private static List<ProcessHandle> processes(Run run) {
    return ProcessHandle.of(run.launcher().pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .toList();
  }

  private int totalViewers(Run run) throws IOException, InterruptedException {
    return get(run, "/api/stats").at("/data/totalViewers").asInt(-1);
  }

  private JsonNode get(Run run, String path) throws IOException, InterruptedException {
    HttpRequest request = request(run, path).GET().build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private JsonNode post(Run run, String path, Map<String, String> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(run, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
            .build();
    JsonNode answer = json.readTree(http.send(request, BodyHandlers.ofString()).body());
    assertThat(answer.path("success").asBoolean()).as(answer.toString()).isTrue();
    return answer;
  }

  /** The stages that the simulator has. */
  private JsonNode simulated(Run run) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(run.simulator().resolve("/_sim/stages?participants=none")).build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body()).path("stages");
  }

  /** Steers the simulator. */
  private JsonNode steer(Run run, String path, Map<String, String> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(run.simulator().resolve("/_sim" + path))
            .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
            .build();
    return json.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private static HttpRequest.Builder request(Run run, String path) {
    return HttpRequest.newBuilder(URI.create(run.gateway() + path)).header("X-API-Key", "dev-key");
  }
}
