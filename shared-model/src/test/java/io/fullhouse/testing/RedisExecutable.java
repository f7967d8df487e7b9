package io.fullhouse.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisExecProvider;

/**
 * The Redis server program of this machine, and where it came from.
 *
 * @param path the program
 * @param source where it was found
 * @param name {@code redis-server} or {@code valkey-server}
 * @param version as the program says itself, such as {@code 7.0.15}
 */
public record RedisExecutable(Path path, Source source, String name, String version) {
  /** Names a program to use before all others. */
  public static final String VARIABLE = "REDIS_SERVER";

  private static final Logger log = LoggerFactory.getLogger(RedisExecutable.class);

  /** Functions, stream lag and {@code n-*} entry ids came with it. */
  private static final int OLDEST_MAJOR_VERSION = 7;

  private static final List<String> NAMES = List.of("redis-server", "valkey-server");
  private static final Pattern VERSION =
      Pattern.compile("(?:Redis|Valkey|Server|server).*\\bv=((\\d+)[.\\w-]*).*", Pattern.DOTALL);

  /** Where a server program was found. */
  public enum Source {
    CONFIGURED,
    PATH,
    BUNDLED
  }

  private static final class Found {
    private static final RedisExecutable ON_THIS_MACHINE =
        find(System.getenv(VARIABLE), System.getenv("PATH"));
  }

  /**
   * The configured program ({@value #VARIABLE}), else the first one of version 7 or newer on the
   * PATH, else the bundled one. Looked for once.
   *
   * @throws IllegalStateException when the configured one does not run or is too old, or when there
   *     is none for this system
   */
  public static RedisExecutable find() {
    return Found.ON_THIS_MACHINE;
  }

  static RedisExecutable find(@Nullable String configured, @Nullable String searchPath) {
    if (configured != null && !configured.isEmpty()) {
      return probe(Path.of(configured), Source.CONFIGURED)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      VARIABLE
                          + "="
                          + configured
                          + " is not a Redis server of version 7 or newer"));
    }
    return onPath(searchPath == null ? "" : searchPath).orElseGet(RedisExecutable::bundled);
  }

  private static Optional<RedisExecutable> onPath(String searchPath) {
    for (String directory : searchPath.split(Pattern.quote(File.pathSeparator), -1)) {
      for (String name : NAMES) {
        Path program = Path.of(directory, name);
        Optional<RedisExecutable> found =
            !directory.isEmpty() && Files.isExecutable(program)
                ? probe(program, Source.PATH)
                : Optional.empty();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Unpacks the bundled program into a temporary directory of this JVM. */
  private static RedisExecutable bundled() {
    try {
      Path program =
          movedToOwnDirectory(RedisExecProvider.defaultProvider().get().toPath().toAbsolutePath());
      RedisExecutable bundled =
          probe(program, Source.BUNDLED)
              .orElseThrow(() -> new IllegalStateException(program + " does not run here"));
      log.warn(
          "No redis-server or valkey-server >= {} on the PATH: using the bundled {}, which has no"
              + " security fixes since January 2024. For development and tests only.",
          OLDEST_MAJOR_VERSION,
          bundled.version());
      return bundled;
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled Redis server cannot be unpacked", e);
    }
  }

  /** Where nothing else is, so that the directory may be deleted whoever is left to do it. */
  private static Path movedToOwnDirectory(Path unpacked) throws IOException {
    Path directory = Files.createTempDirectory("fullhouse-redis-server-");
    directory.toFile().deleteOnExit();
    Path program = directory.resolve(NAMES.get(0));
    program.toFile().deleteOnExit();
    Files.move(unpacked, program);
    Path left = unpacked.getParent();
    if (left != null && left.toFile().delete()) { // only if it is empty
      log.debug("{} was unpacked to {}", program, left);
    }
    return program;
  }

  /** Empty when the program does not run, or is too old. */
  private static Optional<RedisExecutable> probe(Path program, Source source) {
    return versionOutput(program)
        .map(VERSION::matcher)
        .filter(Matcher::matches)
        .filter(version -> Integer.parseInt(version.group(2)) >= OLDEST_MAJOR_VERSION)
        .map(
            version ->
                new RedisExecutable(
                    program.toAbsolutePath(), source, nameOf(program), version.group(1)));
  }

  private static String nameOf(Path program) {
    String file = String.valueOf(program.getFileName());
    return NAMES.stream().filter(file::startsWith).findFirst().orElse(file);
  }

  private static Optional<String> versionOutput(Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(output.strip()) : Optional.empty();
    } catch (IOException e) {
      log.debug("{} does not run", program, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + program + " its version", e);
    }
  }

  /** The temporary directory that the bundled program lies in, and nothing else. */
  Optional<Path> unpackedInto() {
    return source == Source.BUNDLED ? Optional.ofNullable(path.getParent()) : Optional.empty();
  }

  /** For people: name, version and origin. */
  public String describe() {
    return switch (source) {
      case CONFIGURED -> name + " " + version + " (" + path + ", from " + VARIABLE + ")";
      case PATH -> name + " " + version + " (" + path + ")";
      case BUNDLED -> name + " " + version + " (bundled)";
    };
  }
}
