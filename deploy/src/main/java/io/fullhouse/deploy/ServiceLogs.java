package io.fullhouse.deploy;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the services' output goes: the terminal, or a file for each.
 *
 * @param directory of the files; empty for the terminal
 */
record ServiceLogs(Console console, Optional<Path> directory) {
  /**
   * Takes the lines of one service.
   *
   * @throws UpException when its file cannot be written
   */
  Consumer<String> of(String service) {
    return directory.map(path -> file(path, service)).orElse(line -> console.line(service, line));
  }

  private static Consumer<String> file(Path directory, String service) {
    try {
      Path file = Files.createDirectories(directory).resolve(service + ".log");
      // Stays open until the launcher ends: a service writes to its last moment.
      PrintStream out = new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
      return out::println;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write logs into " + directory, e);
    }
  }
}
