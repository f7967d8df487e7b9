package io.fullhouse.deploy;

import io.fullhouse.testing.FreePort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The ports of one run; none is 0 any more.
 *
 * @param http the gateway's
 * @param gatewayAdmin health and metrics
 * @param counterAdmins one for each counter worker
 * @param scalerAdmin health and metrics
 * @param simulator IVS and EventBridge
 * @param redis used only when a Redis is started
 */
record UpPorts(
    int http,
    int gatewayAdmin,
    List<Integer> counterAdmins,
    int scalerAdmin,
    int simulator,
    int redis) {
  private static final int MAX_COUNTERS = 10;
  private static final int COUNTER_OFFSET = 10;
  private static final int SCALER_OFFSET = 20;
  private static final int HIGHEST = 65_535;

  UpPorts {
    counterAdmins = List.copyOf(counterAdmins);
  }

  private record Use(int port, String what, String setting) {}

  /**
   * Reads what is asked for and finds free ones for what is 0.
   *
   * @throws UpException when something asked for is not a port
   */
  static UpPorts from(UpOptions options, Map<String, String> environment) {
    int counters = options.counters();
    if (counters < 1 || counters > MAX_COUNTERS) {
      throw UpException.usage("--counters is 1 to " + MAX_COUNTERS + ", not " + counters);
    }
    int admin = port("ADMIN_PORT", environment.getOrDefault("ADMIN_PORT", "3001"));
    if (admin + SCALER_OFFSET > HIGHEST) {
      throw UpException.usage("ADMIN_PORT leaves no room for the scaler's, 20 above: " + admin);
    }
    return new UpPorts(
        orFree(port("HTTP_PORT", environment.getOrDefault("HTTP_PORT", "3000"))),
        orFree(admin),
        IntStream.range(0, counters)
            .mapToObj(i -> orFree(admin == 0 ? 0 : admin + COUNTER_OFFSET + i))
            .toList(),
        orFree(admin == 0 ? 0 : admin + SCALER_OFFSET),
        simulatorPort(environment),
        orFree(port("--redis-port", Integer.toString(options.redisPort()))));
  }

  /** The only port that {@code --only simulator} needs. */
  static int simulatorPort(Map<String, String> environment) {
    return orFree(port("SIMULATOR_PORT", environment.getOrDefault("SIMULATOR_PORT", "3090")));
  }

  private static int port(String setting, String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > HIGHEST) {
      throw UpException.usage(setting + " is a port, 0 to 65535, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static int orFree(int port) {
    return port == 0 ? FreePort.find() : port;
  }

  /**
   * Looks whether all of them can be had, so that nothing is started in vain.
   *
   * @throws UpException naming every one that cannot
   */
  void check(boolean startsRedis) {
    List<Use> uses = new ArrayList<>();
    uses.add(new Use(http, "the gateway", "HTTP_PORT"));
    uses.add(new Use(gatewayAdmin, "the gateway's health", "ADMIN_PORT"));
    counterAdmins.forEach(
        port -> uses.add(new Use(port, "a counter's health", "ADMIN_PORT (10 above it)")));
    uses.add(new Use(scalerAdmin, "the scaler's health", "ADMIN_PORT (20 above it)"));
    uses.add(new Use(simulator, "the simulator", "SIMULATOR_PORT"));
    if (startsRedis) {
      uses.add(new Use(redis, "Redis", "--redis-port"));
    }
    check(uses);
  }

  /** The same for {@code --only simulator}. */
  static void checkSimulator(int port) {
    check(List.of(new Use(port, "the simulator", "SIMULATOR_PORT")));
  }

  private static void check(List<Use> uses) {
    List<String> complaints = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (Use use : uses) {
      if (!seen.add(use.port())) {
        complaints.add(
            "port %d is asked for twice, also by %s for %s"
                .formatted(use.port(), use.setting(), use.what()));
      } else if (!FreePort.isFree(use.port())) {
        complaints.add(
            "port %d is taken by another program: set %s, the port of %s, to another one"
                .formatted(use.port(), use.setting(), use.what()));
      }
    }
    if (!complaints.isEmpty()) {
      throw UpException.failed(String.join("; ", complaints));
    }
  }
}
