package io.fullhouse.deploy;

import io.fullhouse.testing.TiedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The key of a run with {@code TOKEN_MODE=self-signed}: made, and imported into the simulator, by
 * the gateway's own command.
 *
 * <p>A run with a data directory keeps its key there. Else it lies in a temporary directory until
 * this is closed: the gateway reads it only when it starts.
 */
final class SimulatedTokenKey implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Map<String, String> settings;
  private final Optional<Path> temporary;

  private SimulatedTokenKey(Map<String, String> settings, Optional<Path> temporary) {
    this.settings = Map.copyOf(settings);
    this.temporary = temporary;
  }

  /** Whether a run in this environment needs a key that nobody gave. */
  static boolean isWanted(Map<String, String> environment) {
    return environment.getOrDefault("TOKEN_MODE", "").equals("self-signed")
        && environment.getOrDefault("TOKEN_KEY_ARN", "").isEmpty();
  }

  /** No key, and no settings. */
  static SimulatedTokenKey none() {
    return new SimulatedTokenKey(Map.of(), Optional.empty());
  }

  /**
   * Makes the key, or takes the one that is there, and imports it.
   *
   * @throws UpException when the command fails
   */
  static SimulatedTokenKey importInto(ServicePlan plan, Optional<DataDirectory> data)
      throws InterruptedException {
    Optional<Path> temporary = data.isPresent() ? Optional.empty() : Optional.of(newDirectory());
    Path file =
        data.map(DataDirectory::tokenKey)
            .orElseGet(() -> temporary.orElseThrow().resolve("token-key.pem"));
    List<String> command =
        Files.exists(file)
            ? List.of("import", "--key", file.toString())
            : List.of("create", "--out", file.toString());
    return new SimulatedTokenKey(settings(run(plan.tokenKey(command))), temporary);
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("fullhouse-key-");
    } catch (IOException e) {
      throw UpException.failed("cannot make a directory for the token key: " + e);
    }
  }

  private static List<String> run(ServiceSpec spec) throws InterruptedException {
    List<String> output = Collections.synchronizedList(new ArrayList<>());
    try (TiedProcess process =
        TiedProcess.start(
            spec.command(), spec.environment(), Path.of("").toAbsolutePath(), output::add)) {
      if (!process.waitForExit(PATIENCE) || process.exitCode() != 0) {
        throw UpException.failed("no key for TOKEN_MODE=self-signed: " + String.join(" ", output));
      }
    }
    return output;
  }

  private static Map<String, String> settings(List<String> output) {
    Map<String, String> settings = new HashMap<>();
    for (String line : output) {
      int equals = line.indexOf('=');
      if (line.startsWith("TOKEN_") && equals > 0) {
        settings.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return settings;
  }

  /** For the gateway. */
  Map<String, String> settings() {
    return settings;
  }

  @Override
  public void close() {
    try {
      for (String name : List.of("token-key.pem", "")) {
        if (temporary.isPresent()) {
          Files.deleteIfExists(temporary.get().resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
