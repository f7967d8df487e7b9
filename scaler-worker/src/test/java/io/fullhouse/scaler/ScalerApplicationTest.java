package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole worker, as a process. */
final class ScalerApplicationTest {
  private static final StageArn MASTER = new StageArn(ScalerConfigurationTest.ARN);
  private static final Broadcast BROADCAST = new Broadcast(new BroadcastId("main"), "ivs:prod:");

  @TempDir private Path directory = Path.of("");

  @Test
  void a_wrong_setting_stops_the_start_with_one_line() throws Exception {
    try (ScalerProcess scaler = ScalerProcess.start(directory, Map.of())) {
      assertThat(scaler.exitCode(Duration.ofSeconds(60))).isEqualTo(1);
      assertThat(scaler.errors()).hasSize(1);
      assertThat(scaler.errors().get(0))
          .startsWith("scaler-worker cannot start: ")
          .contains("MASTER_STAGE_ARN");
      assertThat(scaler.output()).isEmpty();
    }
  }

  @Test
  void a_port_in_use_stops_the_start_with_one_line() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        ScalerProcess scaler =
            ScalerProcess.start(
                directory,
                Map.of(
                    "MASTER_STAGE_ARN",
                    MASTER.value(),
                    "REDIS_URL",
                    "redis://127.0.0.1:" + FreePort.find(),
                    "ADMIN_PORT",
                    Integer.toString(taken.getLocalPort())))) {
      assertThat(scaler.exitCode(Duration.ofSeconds(60))).isEqualTo(1);
      assertThat(scaler.errors())
          .singleElement()
          .asString()
          .contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void works_through_redis_and_ivs_coming_and_going() throws Exception {
    int port = FreePort.find();
    String url = "redis://127.0.0.1:" + port;
    try (StubIvs ivs = new StubIvs();
        ScalerProcess scaler = ScalerProcess.start(directory, environment(url, ivs))) {
      ivs.answers(503, "ServiceUnavailable", "{\"message\":\"later\"}");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !scaler.health().path("redis").path("healthy").asBoolean(true));

      try (RedisProcess server = RedisProcess.start(RedisOptions.defaults().withPort(port));
          Redis redis = Redis.create(RedisSettings.parse(url, null, BROADCAST))) {
        registered(redis);
        assertThat(scaler.health().path("master-stage").path("message").asText())
            .contains("IVS cannot be asked", "later");

        await(redis.commands().flushall());
        registered(redis);
        server.kill();
        server.restart();
        registered(redis);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> scaler.health().findValues("healthy").toString().indexOf("false") < 0);

        scaler.terminate();
        assertThat(scaler.exitCode(Duration.ofSeconds(10))).isIn(0, 143);
      }
      assertThat(scaler.output()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(scaler.errors()).isEmpty();
    }
  }

  private static Map<String, String> environment(String redisUrl, StubIvs ivs) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MASTER_STAGE_ARN", MASTER.value());
    environment.put("REDIS_URL", redisUrl);
    environment.put("AWS_ENDPOINT_URL_IVS_REALTIME", ivs.uri().toString());
    return environment;
  }

  /** Within two seconds of Redis being there; the rest is for a busy machine. */
  private static void registered(Redis redis) throws IOException {
    RedisKeys keys = RedisKeys.of(BROADCAST);
    await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptionsInstanceOf(RedisException.class)
        .until(
            () ->
                awaitNullable(redis.commands().zscore(keys.stages(), MASTER.value())) != null
                    && await(redis.commands().exists(keys.stageMetadata(MASTER))) == 1
                    && await(redis.commands().xinfoGroups(keys.counts())).size() == 1);
  }
}
