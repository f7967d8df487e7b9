package io.fullhouse.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Kills a random one of some workers with {@code kill -9} over and over, and starts it again at
 * once. One of them always stays at work, so that the log is folded meanwhile.
 */
final class Killer implements AutoCloseable {
  private static final String AT_WORK = "connected to Redis";

  private final List<ServiceProcess> workers;
  private final Random random;
  private final AtomicIntegerArray kills;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  private Killer(List<ServiceProcess> workers, long seed) {
    this.workers = List.copyOf(workers);
    this.random = new Random(seed);
    this.kills = new AtomicIntegerArray(workers.size());
  }

  static Killer start(List<ServiceProcess> workers, Duration every, long seed) {
    Killer killer = new Killer(workers, seed);
    var unused =
        killer.thread.scheduleAtFixedRate(
            killer::kill, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return killer;
  }

  private void kill() {
    List<Integer> atWork = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).hasSaid(AT_WORK)) {
        atWork.add(i);
      }
    }
    if (atWork.size() < 2) {
      return; // a worker that was only just killed needs some seconds until it works again
    }
    int victim = atWork.get(random.nextInt(atWork.size()));
    try {
      workers.get(victim).killAndRestart();
      kills.incrementAndGet(victim);
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    }
  }

  /** How often each was killed so far. */
  List<Integer> kills() {
    failure.ifPresent(
        e -> {
          throw new IllegalStateException("the killer failed", e);
        });
    List<Integer> each = new ArrayList<>();
    for (int i = 0; i < kills.length(); i++) {
      each.add(kills.get(i));
    }
    return each;
  }

  int total() {
    return kills().stream().mapToInt(Integer::intValue).sum();
  }

  /** Ends the killing; whoever was killed last is being started again. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
