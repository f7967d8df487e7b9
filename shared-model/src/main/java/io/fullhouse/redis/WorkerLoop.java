package io.fullhouse.scaler;

import io.dropwizard.lifecycle.Managed;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step again and again on one named thread, until it is stopped.
 *
 * <p>A step that fails is tried again after a second, for ever; it is logged when it begins to fail
 * and when it works again, not each time. {@link #trouble} says what is wrong meanwhile.
 */
final class WorkerLoop implements Managed {
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  /** Every step has a bound of a few seconds: one that takes this long hangs. */
  private static final Duration HANGING = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);

  /** One round. */
  interface Step {
    /**
     * Does what there is to do.
     *
     * @return the pause before the next round, unless there is a call
     */
    Duration run();
  }

  private final String name;
  private final Step step;
  private final Wakeup wakeup;
  private final ScalerMetrics metrics;
  private final Thread thread;
  private final AtomicLong stepStarted = new AtomicLong();
  private volatile boolean stopping;
  private volatile @Nullable String failure;

  /**
   * @param wakeup ends the pauses of this loop
   */
  WorkerLoop(String name, Wakeup wakeup, ScalerMetrics metrics, Step step) {
    this.name = name;
    this.step = step;
    this.wakeup = wakeup;
    this.metrics = metrics;
    this.thread = new Thread(this::run, name);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    thread.interrupt();
    thread.join(STOP_TIMEOUT.toMillis());
    if (thread.isAlive()) {
      log.warn("{} did not stop within {} s", name, STOP_TIMEOUT.toSeconds());
    }
  }

  private void run() {
    try {
      while (!stopping) {
        wakeup.await(round());
      }
    } catch (InterruptedException e) {
      log.debug("{} interrupted", name, e);
    } catch (Error e) {
      failure = e.toString();
      log.error("{} died", name, e);
    }
    log.info("{} stopped", name);
  }

  private Duration round() throws InterruptedException {
    stepStarted.set(System.nanoTime());
    try {
      Duration pause = step.run();
      if (failure != null) {
        log.info("{} works again", name);
        failure = null;
      }
      return pause;
    } catch (RuntimeException e) {
      if (stopping || Thread.interrupted()) {
        throw new InterruptedException();
      }
      failed(e);
      return PAUSE_AFTER_FAILURE;
    } finally {
      stepStarted.set(0);
    }
  }

  private void failed(RuntimeException e) {
    metrics.stepsFailed.inc();
    boolean first = failure == null;
    failure = e.getMessage() == null ? e.toString() : e.getMessage();
    if (first && e instanceof RedisException) {
      log.warn("{} fails, trying on: {}", name, failure);
    } else if (first) {
      log.error("{} fails, trying on", name, e); // not foreseen: the trace is worth its lines
    }
  }

  /** Why the loop is not doing its work; empty when it is. */
  Optional<String> trouble() {
    long started = stepStarted.get();
    if (!thread.isAlive()) {
      return Optional.of(failure == null ? name + " is not running" : name + " died: " + failure);
    }
    if (failure != null) {
      return Optional.of(name + ": " + failure);
    }
    if (started != 0 && System.nanoTime() - started > HANGING.toNanos()) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
      return Optional.of(name + " hangs since " + seconds + " s");
    }
    return Optional.empty();
  }
}
