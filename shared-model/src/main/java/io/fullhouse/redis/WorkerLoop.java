package io.fullhouse.redis;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step again and again on one named thread, until it is closed.
 *
 * <p>A step that fails is tried again after half a second, for ever; it is logged when it begins to
 * fail and when it works again, not each time. {@link #trouble} says what is wrong meanwhile.
 */
public final class WorkerLoop implements AutoCloseable {
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
  private static final Duration FINISH_WITHIN = Duration.ofSeconds(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);

  /** One round: a bounded amount of work. */
  public interface Step {
    /**
     * Does what there is to do.
     *
     * @return the pause before the next round, unless there is a call
     * @throws InterruptedException when it was told to stop
     */
    Duration run() throws InterruptedException;
  }

  private final String name;
  private final Step step;
  private final Wakeup wakeup;
  private final Duration hanging;
  private final Runnable onFailure;
  private final Thread thread;
  private final AtomicLong stepStarted = new AtomicLong();
  private volatile boolean stopping;
  private volatile @Nullable String failure;

  /**
   * @param name of the thread
   * @param wakeup ends the pauses of this loop
   * @param hanging a step that takes this long is in trouble
   * @param onFailure told of each step that failed
   */
  public WorkerLoop(String name, Wakeup wakeup, Duration hanging, Runnable onFailure, Step step) {
    this.name = name;
    this.step = step;
    this.wakeup = wakeup;
    this.hanging = hanging;
    this.onFailure = onFailure;
    this.thread = new Thread(this::run, name);
  }

  /** Starts the thread; once. */
  public void start() {
    thread.start();
  }

  /** Lets the step that is under way end, interrupts it when that takes long, and waits. */
  @Override
  public void close() {
    stopping = true;
    wakeup.call();
    try {
      thread.join(FINISH_WITHIN.toMillis());
      thread.interrupt();
      thread.join(STOP_WITHIN.toMillis());
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} did not stop", name);
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
    onFailure.run();
    boolean first = failure == null;
    failure = e.getMessage() == null ? e.toString() : e.getMessage();
    if (first && e instanceof RedisException) {
      log.warn("{} fails, trying on: {}", name, failure);
    } else if (first) {
      log.error("{} fails, trying on", name, e); // not foreseen: the trace is worth its lines
    }
  }

  /** Why the loop is not doing its work; empty when it is. */
  public Optional<String> trouble() {
    long started = stepStarted.get();
    if (!thread.isAlive()) {
      return Optional.of(failure == null ? name + " is not running" : name + " died: " + failure);
    }
    if (failure != null) {
      return Optional.of(name + ": " + failure);
    }
    if (started != 0 && System.nanoTime() - started > hanging.toNanos()) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
      return Optional.of(name + " hangs since " + seconds + " s");
    }
    return Optional.empty();
  }
}
