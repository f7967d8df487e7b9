package io.fullhouse.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Viewers behind a number of connections, each of which speaks for its own share of them, one
 * request at a time. For one thread.
 */
final class Crowd implements AutoCloseable {
  private final List<List<SimulatedViewer>> shares = new ArrayList<>();
  private final ExecutorService connections;
  private final AtomicInteger done = new AtomicInteger();

  Crowd(GatewayClient gateway, int viewers, int connections) {
    this.connections = Executors.newFixedThreadPool(connections);
    for (int i = 0; i < connections; i++) {
      shares.add(new ArrayList<>());
    }
    for (int i = 0; i < viewers; i++) {
      shares.get(i % connections).add(new SimulatedViewer(gateway, "viewer-" + i));
    }
  }

  /** What a viewer does when it is its turn. */
  interface Turn {
    void take(SimulatedViewer viewer) throws InterruptedException;
  }

  /** Likewise, by the dice. */
  interface RandomTurn {
    void take(SimulatedViewer viewer, Random random) throws InterruptedException;
  }

  /** What one connection does. */
  private interface Work {
    void run(List<SimulatedViewer> share) throws InterruptedException;
  }

  /** Every viewer's turn; returns when all had it. */
  void each(Turn turn, Duration bound) {
    all(
        share -> {
          for (SimulatedViewer viewer : share) {
            step(turn, viewer);
          }
        },
        bound);
  }

  /** One viewer of each connection, all at once. */
  void firstOfEach(Turn turn, Duration bound) {
    all(share -> step(turn, share.get(0)), bound);
  }

  /**
   * Turns of random viewers.
   *
   * @param turns of all connections together
   */
  void randomly(int turns, long seed, RandomTurn turn, Duration bound) {
    AtomicInteger connection = new AtomicInteger();
    all(
        share -> {
          Random random = new Random(seed + connection.incrementAndGet());
          for (int i = 0; i < turns / shares.size(); i++) {
            step(v -> turn.take(v, random), share.get(random.nextInt(share.size())));
          }
        },
        bound);
  }

  private void step(Turn turn, SimulatedViewer viewer) throws InterruptedException {
    turn.take(viewer);
    done.incrementAndGet();
  }

  private void all(Work work, Duration bound) {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (List<SimulatedViewer> share : shares) {
      tasks.add(
          () -> {
            work.run(share);
            return true;
          });
    }
    long deadline = System.nanoTime() + bound.toNanos();
    List<Future<Boolean>> running = tasks.stream().map(connections::submit).toList();
    try {
      for (Future<Boolean> task : running) {
        task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a viewer was answered wrongly", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + bound + ": " + done + " turns", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      running.forEach(task -> task.cancel(true));
    }
  }

  /** Turns taken so far. */
  int turns() {
    return done.get();
  }

  long count(Predicate<SimulatedViewer> which) {
    return shares.stream().flatMap(List::stream).filter(which).count();
  }

  @Override
  public void close() {
    connections.shutdownNow();
  }
}
