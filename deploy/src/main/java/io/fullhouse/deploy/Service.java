package io.fullhouse.deploy;

import io.fullhouse.testing.TiedProcess;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A running service, and the last lines it wrote. Thread-safe. */
final class Service {
  private static final int TAIL_LINES = 20;

  private final ServiceSpec spec;
  private final TiedProcess process;
  private final Tail tail;

  private Service(ServiceSpec spec, TiedProcess process, Tail tail) {
    this.spec = spec;
    this.process = process;
    this.tail = tail;
  }

  private static final class Tail {
    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
      lines.addLast(line);
      if (lines.size() > TAIL_LINES) {
        lines.removeFirst();
      }
    }

    synchronized List<String> lines() {
      return List.copyOf(lines);
    }
  }

  /**
   * Starts the service; it dies with this JVM.
   *
   * @param output gets each line the service writes
   */
  static Service start(ServiceSpec spec, Path directory, Consumer<String> output) {
    Tail tail = new Tail();
    TiedProcess process =
        TiedProcess.start(
            spec.command(),
            spec.environment(),
            directory,
            line -> {
              tail.add(line);
              output.accept(line);
            });
    return new Service(spec, process, tail);
  }

  String name() {
    return spec.name();
  }

  /** The last lines it wrote. */
  List<String> tail() {
    return tail.lines();
  }

  /** Completes when it has ended, with a sentence about that. */
  CompletableFuture<String> death() {
    return process.onExit().thenApply(code -> name() + " ended with exit code " + code);
  }

  /** Ends it in good order within its bound, else by force; returns when it is gone. */
  void stop() {
    process.stop(spec.stopWithin());
  }
}
