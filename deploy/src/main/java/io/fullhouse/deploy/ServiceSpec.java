package io.fullhouse.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One service, as it is to be started.
 *
 * @param name what its lines begin with
 * @param command program and arguments
 * @param environment added to the launcher's own
 * @param stopWithin how long its orderly end may take
 */
record ServiceSpec(
    String name, List<String> command, Map<String, String> environment, Duration stopWithin) {
  ServiceSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
