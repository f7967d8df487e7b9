package io.fullhouse.testing;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process that dies with this JVM, even when that is killed with {@code kill -9}.
 * Thread-safe.
 *
 * <p>A shell stands between: its standard input is a pipe whose other end only this JVM holds. The
 * system closes that end when the JVM ends, however it ends; the shell's watcher then reads the end
 * of the pipe and kills the child. Needs nothing but a POSIX {@code sh}.
 *
 * <p>The child is outside this JVM's process group (Ctrl-C on a terminal reaches only the JVM,
 * which stops its children in its own order), has no standard input, and its two outputs are one.
 */
public final class TiedProcess implements AutoCloseable {
  private static final Duration DEATH_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(1);

  /**
   * The first line of output is the child's process id, which {@code exec} keeps. {@code read} is
   * part of the shell: unlike {@code cat} it leaves no process behind when the watcher is killed.
   * The first argument are the directories that go when the JVM was killed, with colons between.
   */
  private static final String SCRIPT =
      """
      trap '' INT QUIT HUP
      orphan=
      trap 'orphan=1' USR1
      doomed=$1
      shift
      exec 3<&0 </dev/null
      if command -v setsid >/dev/null 2>&1; then
        setsid sh -c 'echo "$$"; exec "$@"' sh "$@" 3<&- &
        child=$!
      else
        set -m 2>/dev/null
        sh -c 'echo "$$"; exec "$@"' sh "$@" 3<&- &
        child=$!
        set +m
      fi
      exec >/dev/null 2>&1
      (read -r end <&3; kill -USR1 "$$"; kill -9 "$child") &
      watcher=$!
      exec 3<&-
      wait "$child"
      code=$?
      if [ -n "$orphan" ]; then
        wait "$child"
        set -f
        IFS=:
        rm -rf -- $doomed
      fi
      kill -9 "$watcher"
      exit "$code"
      """;

  private final Process shell;
  private final long pid;
  private final Thread pump;

  private TiedProcess(Process shell, long pid, Thread pump) {
    this.shell = shell;
    this.pid = pid;
    this.pump = pump;
  }

  /**
   * Starts a process; returns when it has a process id, which says nothing about its readiness.
   *
   * @param environment added to this JVM's own
   * @param output gets each line the process writes, on a thread of its own
   * @throws UncheckedIOException when no process can be started in that directory
   */
  public static TiedProcess start(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Consumer<String> output) {
    return start(command, environment, directory, output, List.of());
  }

  /**
   * The same.
   *
   * @param doomed directories that are deleted when this JVM is killed and can no longer do it
   */
  public static TiedProcess start(
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Consumer<String> output,
      List<Path> doomed) {
    String directories =
        doomed.stream().map(path -> path.toAbsolutePath().toString()).collect(joining(":"));
    List<String> line = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", directories));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process shell = builder.start();
      BufferedReader reader = shell.inputReader(StandardCharsets.UTF_8);
      long pid = readPid(reader);
      Thread pump = new Thread(() -> pump(reader, output), "output of " + pid);
      pump.setDaemon(true);
      pump.start();
      return new TiedProcess(shell, pid, pump);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long readPid(BufferedReader reader) throws IOException {
    String line = reader.readLine();
    if (line == null || !line.matches("[0-9]+")) {
      throw new IOException("the shell did not start the process, it said: " + line);
    }
    return Long.parseLong(line);
  }

  private static void pump(BufferedReader reader, Consumer<String> output) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.accept(line);
      }
    } catch (IOException e) {
      output.accept("(its output broke off: " + e.getMessage() + ")");
    }
  }

  /** The child's own process id, not the shell's. */
  public long pid() {
    return pid;
  }

  public boolean isAlive() {
    return shell.isAlive();
  }

  /** Completes with the exit code when the process has ended; 128 + n when signal n ended it. */
  public CompletableFuture<Integer> onExit() {
    return shell.onExit().thenApply(Process::exitValue);
  }

  /**
   * The exit code; 128 + n when signal n ended the process.
   *
   * @throws IllegalThreadStateException when it is still running
   */
  public int exitCode() {
    return shell.exitValue();
  }

  /**
   * Waits until the process has ended and its output has been handed over.
   *
   * @return whether it has; an interrupt ends the wait early and stays set
   */
  public boolean waitForExit(Duration timeout) {
    try {
      if (!shell.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      pump.join(OUTPUT_TIMEOUT.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !shell.isAlive();
    }
  }

  /** Asks the process to end (SIGTERM); does not wait. */
  public void terminate() {
    handle().ifPresent(ProcessHandle::destroy);
  }

  /** SIGTERM, and SIGKILL for what has not ended after the grace; returns when it is gone. */
  public void stop(Duration grace) {
    terminate();
    if (!waitForExit(grace)) {
      kill();
    }
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    handle().ifPresent(ProcessHandle::destroyForcibly);
    if (!waitForExit(DEATH_TIMEOUT) && !Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("process " + pid + " outlives SIGKILL");
    }
  }

  /** SIGSTOP: the process keeps its connections and says nothing more. */
  public void suspend() {
    signal("STOP");
  }

  /** SIGCONT: goes on where {@link #suspend} stopped it. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("process " + pid + " cannot be sent SIG" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending SIG" + name, e);
    }
  }

  /** Empty once the shell has collected the child: from then on its id may be somebody else's. */
  private Optional<ProcessHandle> handle() {
    return shell.isAlive() ? ProcessHandle.of(pid) : Optional.empty();
  }

  @Override
  public void close() {
    kill();
  }
}
