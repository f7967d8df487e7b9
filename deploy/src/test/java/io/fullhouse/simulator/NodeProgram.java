package io.fullhouse.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Node.js and npm, wherever they come from: {@code NODE_HOME}, the PATH, or else installed below
 * {@code target} by the Maven plugin that is made for that.
 */
public final class NodeProgram {
  private static final int OLDEST = 20;
  private static final String INSTALLED = "v20.20.2";
  private static final String PLUGIN =
      "com.github.eirslett:frontend-maven-plugin:2.0.2:install-node-and-npm";

  /** The plugin wants a project to work for. */
  private static final String POM =
      """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <groupId>io.fullhouse</groupId>
        <artifactId>node-for-tests</artifactId>
        <version>1</version>
        <packaging>pom</packaging>
      </project>
      """;

  private static final Duration INSTALLATION = Duration.ofMinutes(5);

  /** How a program ended. */
  public record Result(int status, String output) {}

  private final Optional<Path> home;

  private NodeProgram(Optional<Path> home) {
    this.home = home;
  }

  /**
   * The first that works.
   *
   * @param target where one may be installed
   * @throws AssertionError with what to do, when there is none and none can be had
   */
  public static NodeProgram find(Path target) throws IOException, InterruptedException {
    Path installed = target.resolve("node-install").toAbsolutePath();
    List<NodeProgram> known =
        List.of(
            new NodeProgram(Optional.ofNullable(System.getenv("NODE_HOME")).map(Path::of)),
            new NodeProgram(Optional.empty()),
            new NodeProgram(Optional.of(installed.resolve("node"))));
    for (NodeProgram candidate : known) {
      if (candidate.works()) {
        return candidate;
      }
    }
    NodeProgram made = known.get(known.size() - 1);
    try (BuildLock unused = BuildLock.take(installed.resolveSibling("node-install.lock"))) {
      String output = made.works() ? "" : install(installed);
      if (!made.works()) {
        throw new AssertionError(
            "These tests are written in JavaScript, and neither NODE_HOME nor the PATH has Node.js "
                + OLDEST
                + " or newer with npm, nor could Maven install it. Maven said: "
                + output);
      }
    }
    return made;
  }

  private static String install(Path into) throws IOException, InterruptedException {
    Files.createDirectories(into);
    Files.writeString(into.resolve("pom.xml"), POM);
    String mvn = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
    try {
      return run(
              into,
              Map.of(),
              INSTALLATION,
              mvn,
              "--batch-mode",
              PLUGIN,
              "-DnodeVersion=" + INSTALLED,
              "-DinstallDirectory=" + into)
          .output();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private boolean works() throws InterruptedException {
    try {
      Path here = Path.of(".");
      Result node = run(here, Map.of(), Duration.ofSeconds(20), program("node"), "--version");
      Result npm = npm(here, Duration.ofSeconds(20), "--version");
      return node.status() == 0 && npm.status() == 0 && major(node.output()) >= OLDEST;
    } catch (IOException e) {
      // Not there.
      return false;
    }
  }

  private static int major(String version) {
    String digits = version.strip().replaceFirst("^v([0-9]+).*", "$1");
    return digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : 0;
  }

  /**
   * Runs a script to its end.
   *
   * @param environment beside this process's own
   * @param patience after which it is killed, and the status is -1
   */
  public Result node(Path in, Map<String, String> environment, Duration patience, String script)
      throws IOException, InterruptedException {
    return run(in, environment, patience, program("node"), script);
  }

  Result npm(Path in, Duration patience, String... arguments)
      throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = program("npm");
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return run(in, path(), patience, command);
  }

  private String program(String name) throws IOException {
    if (home.isEmpty()) {
      return name;
    }
    for (Path candidate :
        List.of(home.get().resolve("bin").resolve(name), home.get().resolve(name))) {
      if (Files.isRegularFile(candidate)) {
        return candidate.toString();
      }
    }
    throw new IOException("no " + name + " in " + home.get());
  }

  /** npm is a script that looks for node on the PATH. */
  private Map<String, String> path() {
    return home.map(
            it -> Map.of("PATH", it + ":" + it.resolve("bin") + ":" + System.getenv("PATH")))
        .orElse(Map.of());
  }

  private static Result run(
      Path in, Map<String, String> environment, Duration patience, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("node", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return new Result(-1, "not done after " + patience + ": " + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /**
   * A copy of a project with its packages installed; the same again while its lock is the same.
   *
   * @param source its files, without what lies in folders below
   */
  public Path project(Path source, Path target) throws IOException, InterruptedException {
    Path copy = target.resolve("node").resolve(source.getFileName());
    try (BuildLock unused = BuildLock.take(copy.resolveSibling(copy.getFileName() + ".lock"))) {
      update(copy, source);
    }
    return copy;
  }

  /** Touches nothing that is as it should be: another JVM's program may be running from it. */
  private void update(Path copy, Path source) throws IOException, InterruptedException {
    Files.createDirectories(copy);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path lock = source.resolve("package-lock.json");
    Path installedLock = copy.resolve("installed-lock.json");
    if (!isSame(lock, installedLock)) {
      Result installed =
          npm(copy, INSTALLATION, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      if (installed.status() != 0) {
        throw new AssertionError("npm ci in " + copy + " failed: " + installed.output());
      }
      copy(lock, installedLock);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!isSame(from, to)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isSame(Path from, Path to) throws IOException {
    return Files.exists(to) && Files.mismatch(from, to) == -1;
  }
}
