package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.scaler.ScalerApplication;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.fullhouse.testing.TiedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scaler worker as a process, on the simulated IVS and a Redis of its own. */
final class ScalerOnSimulatorTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final IvsSimulator ivs =
      IvsSimulator.start(SimulatorOptions.defaults().withStage("Master1", "main-show"));
  private final RedisProcess redisServer = RedisProcess.start(RedisOptions.defaults());
  private final Broadcast broadcast = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private final RedisKeys keys = RedisKeys.of(broadcast);
  private final Redis redis = Redis.create(RedisSettings.parse(redisServer.uri(), null, broadcast));
  private final int adminPort = FreePort.find();
  private final Queue<String> output = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    redis.close();
    redisServer.close();
    ivs.close();
  }

  @Test
  void registers_the_master_stage_at_once_and_what_ivs_knows_when_it_answers() throws Exception {
    StageArn master = new StageArn(ivs.stageArn("Master1"));
    steer("POST", "/_sim/faults", "{\"op\":\"GetStage\",\"kind\":\"hang\"}");
    try (TiedProcess scaler = scaler(master)) {
      await().atMost(START).until(() -> metadata(master).isPresent());
      assertThat(metadata(master).orElseThrow().endpoints()).isEmpty();
      assertThat(taken(master)).contains(0.0);

      steer("DELETE", "/_sim/faults", "");

      await()
          .atMost(START)
          .untilAsserted(
              () ->
                  assertThat(metadata(master).flatMap(StageMetadata::endpoints))
                      .as(() -> String.join("\n", output))
                      .isPresent());
      StageMetadata metadata = metadata(master).orElseThrow();
      assertThat(metadata.name()).isEqualTo("main-show");
      assertThat(metadata.endpoints().orElseThrow().events()).startsWith("wss://");
      assertThat(metadata.endpoints().orElseThrow().whip()).startsWith("https://");
      assertThat(scaler.isAlive()).isTrue();
    }
  }

  @Test
  void refuses_a_master_stage_that_ivs_does_not_have() {
    StageArn nobody = new StageArn(ivs.stageArn("Nobody"));
    try (TiedProcess scaler = scaler(nobody)) {
      await()
          .atMost(START)
          .untilAsserted(
              () ->
                  assertThat(health().path("master-stage").path("message").asText())
                      .contains("IVS has no stage " + nobody, "ResourceNotFoundException"));

      assertThat(taken(nobody)).isEmpty();
      assertThat(metadata(nobody)).isEmpty();
      assertThat(output).anyMatch(line -> line.contains("IVS has no master stage " + nobody));
      assertThat(scaler.isAlive()).isTrue();
    }
  }

  private TiedProcess scaler(StageArn master) {
    ServiceArchives.make();
    return TiedProcess.start(
        JavaCommand.of(ScalerApplication.class, "server", "config/scaler.yml"),
        Map.of(
            "FULLHOUSE_MODE", "development",
            "REDIS_URL", redisServer.uri(),
            "MASTER_STAGE_ARN", master.value(),
            "AWS_REGION", "us-east-1",
            "AWS_ENDPOINT_URL_IVS_REALTIME", ivs.uri().toString(),
            "ADMIN_PORT", Integer.toString(adminPort),
            "SCALER_INTERVAL", "1s"),
        Path.of("."),
        output::add);
  }

  private Optional<Double> taken(StageArn stage) {
    return Optional.ofNullable(
        awaitNullable(redis.commands().zscore(keys.stages(), stage.value())));
  }

  private Optional<StageMetadata> metadata(StageArn stage) {
    return Optional.ofNullable(awaitNullable(redis.commands().get(keys.stageMetadata(stage))))
        .flatMap(StageMetadata::fromJson);
  }

  /** Empty until the worker answers. */
  private JsonNode health() throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + adminPort + "/healthcheck");
      return JSON.readTree(
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  private void steer(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ivs.uri() + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }
}
