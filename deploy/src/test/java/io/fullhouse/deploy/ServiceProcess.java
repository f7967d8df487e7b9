package io.fullhouse.deploy;

import io.fullhouse.testing.TiedProcess;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A service's own jar as a process, which a test kills and starts again. Thread-safe. */
final class ServiceProcess implements AutoCloseable {
  /** The repository: tests run in this module's directory. */
  static final Path HOME = Path.of("").toAbsolutePath().resolveSibling(".").normalize();

  private static final int LINES_KEPT = 200;

  private final ServiceSpec spec;
  private volatile Run run;

  private record Run(TiedProcess process, Output output) {}

  /** What one run wrote last. */
  private static final class Output {
    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
      lines.addLast(line);
      if (lines.size() > LINES_KEPT) {
        lines.removeFirst();
      }
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }
  }

  private ServiceProcess(ServiceSpec spec, Run run) {
    this.spec = spec;
    this.run = run;
  }

  /** Starts it; says nothing of its readiness. */
  static ServiceProcess start(ServiceSpec spec) {
    return new ServiceProcess(spec, launch(spec));
  }

  private static Run launch(ServiceSpec spec) {
    Output output = new Output();
    return new Run(
        TiedProcess.start(spec.command(), spec.environment(), HOME, output::add), output);
  }

  /** {@code kill -9}, and a new start of the same at once. */
  synchronized void killAndRestart() {
    kill();
    run = launch(spec);
  }

  /** {@code kill -9}; returns when it is gone. */
  void kill() {
    run.process().kill();
  }

  /** Asks it to end, as an operator would. */
  void stop() {
    run.process().stop(spec.stopWithin());
  }

  boolean isAlive() {
    return run.process().isAlive();
  }

  /** Whether a line with this text was among the last it wrote since its last start. */
  boolean hasSaid(String text) {
    return run.output().lines().stream().anyMatch(line -> line.contains(text));
  }

  /** Its name and the last it wrote since its last start, to be shown when a test fails. */
  String describe() {
    return spec.name() + " said:\n  " + String.join("\n  ", run.output().lines());
  }

  @Override
  public void close() {
    kill();
  }
}
