package io.fullhouse.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a test starts a JVM of this Java that lives for a minute at most: half the work at its start
 * would be compiling what runs longer than it does. Thread-safe.
 */
public final class JavaCommand {
  /** For {@code JAVA_TOOL_OPTIONS} of JVMs that something else starts. */
  public static final String OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private JavaCommand() {}

  /** Runs a program of the test's own class path. */
  public static List<String> of(Class<?> program, String... arguments) {
    return command(
        List.of("-cp", System.getProperty("java.class.path"), program.getName()), arguments);
  }

  /** Runs a jar. */
  public static List<String> ofJar(String jar, String... arguments) {
    return command(List.of("-jar", jar), arguments);
  }

  private static List<String> command(List<String> what, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(OPTIONS.split(" ", -1)));
    command.addAll(what);
    command.addAll(List.of(arguments));
    return command;
  }
}
