package io.fullhouse.testing;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a test starts a JVM of this Java that lives for a minute at most: half the work at its start
 * would be compiling what runs longer than it does. Thread-safe.
 */
public final class JavaCommand {
  /** For {@code JAVA_TOOL_OPTIONS} of JVMs that something else starts. */
  public static final String OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  /** What javac has just written needs no verifying. */
  private static final List<String> UNVERIFIED =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

  private JavaCommand() {}

  /** Runs a program of the test's own class path, where it is packaged by its module's own jar. */
  public static List<String> of(Class<?> program, String... arguments) {
    Optional<Path> jar = selfContained(program);
    if (jar.isPresent()) {
      return ofJar(jar.get(), arguments);
    }
    List<String> what = new ArrayList<>(UNVERIFIED);
    what.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    return command(what, arguments);
  }

  /** Runs a jar. */
  public static List<String> ofJar(Path jar, String... arguments) {
    List<String> what = new ArrayList<>(ClassArchive.options(jar));
    what.addAll(List.of("-jar", jar.toString()));
    return command(what, arguments);
  }

  /**
   * The jar with everything in it that was packaged beside the one that the class is from: {@code
   * x.jar} beside {@code x-1.0.jar}. None while the class is not packaged: then an older jar may
   * lie there.
   */
  private static Optional<Path> selfContained(Class<?> program) {
    try {
      Path from = Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
      String name = from.getFileName().toString();
      Path jar = from.resolveSibling(name.replaceFirst("-[0-9].*\\.jar$", ".jar"));
      return Optional.of(jar).filter(it -> !it.equals(from) && Files.isRegularFile(it));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
