package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.model.StageArn;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.FreePort;
import io.fullhouse.testing.JavaCommand;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All services on a Redis Cluster, where a broadcast lives in one slot. */
final class ClusterIT {
  private static final String KEY = "test-key";

  private final RedisCluster redis = new RedisCluster();
  private final IvsSimulator aws =
      IvsSimulator.start(
          SimulatorOptions.defaults().withoutRateLimits().withStage("Master", "master"));
  private final List<ServiceProcess> services = new ArrayList<>();
  private final int port = FreePort.find();

  @AfterEach
  void close() {
    services.forEach(ServiceProcess::close);
    aws.close();
    redis.close();
  }

  @Test
  void a_show_from_join_to_leave_and_a_second_stage() throws Exception {
    start(
        Map.of(
            "REDIS_URL", redis.uri(),
            "REDIS_KEY_PREFIX", "{ivs:prod}:",
            "JOIN_BEFORE_LIVE", "true",
            "STAGE_CAPACITY", "10"));
    GatewayClient gateway = new GatewayClient(URI.create("http://127.0.0.1:" + port), KEY);
    List<String> seats = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      seats.add(gateway.post("/api/token/viewer", Map.of("userId", "u" + i)).data("seat").asText());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(total(gateway)).as(this::described).isEqualTo(9));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> gateway.get("/api/stats").data("activeStages").asInt() == 2);
    assertThat(gateway.post("/api/viewer/heartbeat", Map.of("seat", seats.get(0))).status())
        .isEqualTo(200);
    for (String seat : seats) {
      gateway.post("/api/viewer/leave", Map.of("seat", seat));
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> total(gateway) == 0);
    assertThat(redis.sizes())
        .filteredOn(size -> size > 5)
        .as("nodes with the broadcast")
        .hasSize(1);
    assertThat(services).allMatch(ServiceProcess::isAlive);
  }

  private String described() {
    return services.stream().map(ServiceProcess::describe).collect(Collectors.joining("\n"));
  }

  private static long total(GatewayClient gateway) throws InterruptedException {
    return gateway.get("/api/stats").data("totalViewers").asLong(-1);
  }

  private void start(Map<String, String> settings) {
    ServiceArchives.make();
    Map<String, String> all = new HashMap<>(settings);
    all.put("JAVA_TOOL_OPTIONS", JavaCommand.OPTIONS);
    UpPorts ports =
        new UpPorts(
            port, FreePort.find(), List.of(FreePort.find()), FreePort.find(), FreePort.find(), 0);
    StageArn master = new StageArn(aws.stageArn("Master"));
    ServicePlan plan =
        new ServicePlan(ServiceProcess.HOME, ports, all, aws.uri().toString(), master);
    plan.counters().forEach(spec -> services.add(ServiceProcess.start(spec)));
    services.add(ServiceProcess.start(plan.scaler()));
    services.add(
        ServiceProcess.start(plan.gateway("test:" + KEY, "one:a-secret-of-tests", Map.of())));
    GatewayProbe probe =
        new GatewayProbe("http://127.0.0.1:" + port, Optional.of(KEY), master.value());
    await().atMost(Duration.ofMinutes(2)).until(() -> probe.obstacle().isEmpty());
  }
}
