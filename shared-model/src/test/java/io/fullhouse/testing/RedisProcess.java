package io.fullhouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * A Redis server as a child process on 127.0.0.1, which can be stopped, killed, suspended and
 * started again on the same port with the same data. Dies with this JVM, however that ends.
 * Thread-safe.
 */
public final class RedisProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int PORT_ATTEMPTS = 5;

  private final RedisExecutable executable;
  private final RedisOptions options;
  private final Path directory;
  private final int port;
  private TiedProcess process;

  private RedisProcess(
      RedisExecutable executable,
      RedisOptions options,
      Path directory,
      int port,
      TiedProcess process) {
    this.executable = executable;
    this.options = options;
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Starts the server that {@link RedisExecutable#find} finds. */
  public static RedisProcess start(RedisOptions options) {
    return start(RedisExecutable.find(), options);
  }

  /**
   * Starts a server; returns when it answers.
   *
   * @throws IllegalStateException when it does not within half a minute, with the end of its log
   */
  public static RedisProcess start(RedisExecutable executable, RedisOptions options) {
    Path directory = makeDirectory(options);
    for (int attempt = 1; ; attempt++) {
      int port = options.port() == 0 ? FreePort.find() : options.port();
      try {
        TiedProcess process = launch(executable, options, directory, port);
        return new RedisProcess(executable, options, directory, port, process);
      } catch (IllegalStateException e) {
        // Between looking for a free port and taking it somebody else may have been faster.
        boolean portTaken = options.port() == 0 && !FreePort.isFree(port);
        if (!portTaken || attempt == PORT_ATTEMPTS) {
          deleteIfTemporary(directory, options);
          throw e;
        }
      }
    }
  }

  private static Path makeDirectory(RedisOptions options) {
    try {
      Path chosen = options.directory();
      return chosen == null
          ? Files.createTempDirectory("fullhouse-redis-")
          : Files.createDirectories(chosen.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TiedProcess launch(
      RedisExecutable executable, RedisOptions options, Path directory, int port) {
    // A file, not arguments: those are for everybody on the machine to see, password included.
    writeConfiguration(directory.resolve("redis.conf"), options.configuration(port));
    ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
    TiedProcess process =
        TiedProcess.start(
            List.of(executable.path().toString(), "redis.conf"),
            Map.of(),
            directory,
            output::add,
            doomed(executable, options, directory));
    RedisPing ping = new RedisPing(port, options.password());
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!ping.isAnsweredBy(process.pid())) {
      boolean ended = process.waitForExit(POLL);
      if (ended || System.nanoTime() > deadline) {
        process.kill();
        throw new IllegalStateException(
            "Redis on port %d %s: %s %s"
                .formatted(
                    port,
                    ended ? "ended at its start" : "does not answer",
                    String.join("\n", output),
                    endOfLog(directory)));
      }
    }
    return process;
  }

  /** What is only there for this JVM. */
  private static List<Path> doomed(
      RedisExecutable executable, RedisOptions options, Path directory) {
    List<Path> doomed = new ArrayList<>();
    executable.unpackedInto().ifPresent(doomed::add);
    if (options.directory() == null) {
      doomed.add(directory);
    }
    return doomed;
  }

  private static void writeConfiguration(Path file, String text) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String endOfLog(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("redis.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    } catch (IOException e) {
      return "(it wrote no log)";
    }
  }

  public int port() {
    return port;
  }

  /** What clients are given; holds the password, if there is one. */
  public String uri() {
    String credentials = options.password().isEmpty() ? "" : ":" + options.password() + "@";
    return "redis://" + credentials + "127.0.0.1:" + port;
  }

  public RedisExecutable executable() {
    return executable;
  }

  /** Where its data and its log, {@code redis.log}, are. */
  public Path directory() {
    return directory;
  }

  public synchronized long pid() {
    return process.pid();
  }

  public synchronized boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code when the server that runs now has ended, however it did. */
  public synchronized CompletableFuture<Integer> onExit() {
    return process.onExit();
  }

  /** Ends it in good order (SIGTERM); returns when it is gone. */
  public synchronized void stop() {
    process.stop(STOP_TIMEOUT);
  }

  /** {@code kill -9}; returns when it is gone. */
  public synchronized void kill() {
    process.kill();
  }

  /** Starts it again, on the same port and directory; stops it first if it runs. */
  public synchronized void restart() {
    stop();
    process = launch(executable, options, directory, port);
  }

  /** SIGSTOP: it keeps its connections and answers nothing. */
  public synchronized void suspend() {
    process.suspend();
  }

  /** SIGCONT: it answers what has waited. */
  public synchronized void resume() {
    process.resume();
  }

  /** Kills it and deletes its directory, if that was a temporary one. */
  @Override
  public synchronized void close() {
    process.kill();
    deleteIfTemporary(directory, options);
  }

  private static void deleteIfTemporary(Path directory, RedisOptions options) {
    if (options.directory() != null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
