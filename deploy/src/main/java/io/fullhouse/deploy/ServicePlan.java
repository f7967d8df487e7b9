package io.fullhouse.deploy;

import io.fullhouse.model.StageArn;
import io.fullhouse.testing.ClassArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The services of a run: each its own jar with its own configuration file, as in production, and
 * told by environment variables what is different here.
 *
 * @param home the repository
 * @param redis what is said about Redis: {@code REDIS_URL} at least
 * @param simulatorUrl what they take for AWS
 */
record ServicePlan(
    Path home, UpPorts ports, Map<String, String> redis, String simulatorUrl, StageArn master) {
  /** Every account has it. */
  private static final String EVENT_BUS = "default";

  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

  /**
   * The gateway.
   *
   * @param tokenKey settings of the key for self-signed tokens; empty for none of our own
   */
  ServiceSpec gateway(String apiKeys, String seatSecrets, Map<String, String> tokenKey) {
    Map<String, String> own = new HashMap<>(tokenKey);
    own.put("HTTP_PORT", Integer.toString(ports.http()));
    own.put("ADMIN_PORT", Integer.toString(ports.gatewayAdmin()));
    own.put("API_KEYS", apiKeys);
    own.put("SEAT_SECRETS", seatSecrets);
    return service("gateway", "gateway", "api-gateway", own);
  }

  /** The gateway's command for keys, which ends by itself. */
  ServiceSpec tokenKey(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("token-key"));
    all.addAll(arguments);
    return new ServiceSpec("token-key", command("api-gateway", all), shared(), STOP_WITHIN);
  }

  List<ServiceSpec> counters() {
    List<ServiceSpec> counters = new ArrayList<>();
    for (int port : ports.counterAdmins()) {
      String name = counters.isEmpty() ? "counter" : "counter-" + (counters.size() + 1);
      counters.add(
          service(name, "counter", "counter-worker", Map.of("ADMIN_PORT", Integer.toString(port))));
    }
    return counters;
  }

  ServiceSpec scaler() {
    return service(
        "scaler",
        "scaler",
        "scaler-worker",
        Map.of("ADMIN_PORT", Integer.toString(ports.scalerAdmin()), "EVENT_BUS_NAME", EVENT_BUS));
  }

  private ServiceSpec service(
      String name, String configuration, String module, Map<String, String> own) {
    String settings = home.resolve("deploy/config/" + configuration + ".yml").toString();
    Map<String, String> environment = new HashMap<>(shared());
    environment.putAll(redis);
    environment.putAll(own);
    return new ServiceSpec(
        name, command(module, List.of("server", settings)), environment, STOP_WITHIN);
  }

  private List<String> command(String module, List<String> arguments) {
    Path jar = jar(module);
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(ClassArchive.options(jar));
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Path jar(String module) {
    Path jar = home.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw UpException.failed(jar + " is missing: deploy/bin/up builds it");
    }
    return jar;
  }

  private Map<String, String> shared() {
    return Map.ofEntries(
        Map.entry("FULLHOUSE_MODE", "development"),
        Map.entry("MASTER_STAGE_ARN", master.value()),
        Map.entry("AWS_REGION", SimulatedAws.regionOf(master)),
        Map.entry("AWS_ENDPOINT_URL_IVS_REALTIME", simulatorUrl),
        Map.entry("AWS_ENDPOINT_URL_EVENTBRIDGE", simulatorUrl),
        // Whatever this machine is set up for: nothing of a development run reaches AWS.
        Map.entry("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"),
        Map.entry("AWS_ACCESS_KEY_ID", "simulator"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "simulator"),
        Map.entry("AWS_SESSION_TOKEN", ""),
        Map.entry("AWS_EC2_METADATA_DISABLED", "true"));
  }
}
