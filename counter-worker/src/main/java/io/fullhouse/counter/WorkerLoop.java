package io.fullhouse.counter;

import io.dropwizard.lifecycle.Managed;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step over and over on a thread of its own, until stopped. While Redis is away it tries
 * again every {@link #RETRY}, and logs only that it went and that it came back.
 */
final class WorkerLoop implements Managed {
  private static final Logger log = LoggerFactory.getLogger(WorkerLoop.class);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  /** One turn of the loop. */
  interface Step {
    /**
     * Does a bounded amount of work.
     *
     * @return how long to pause before the next turn
     */
    Duration run() throws InterruptedException;
  }

  private final String name;
  private final Step step;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable String trouble = "not started";
  private @Nullable Thread thread;

  WorkerLoop(String name, Step step) {
    this.name = name;
    this.step = step;
  }

  @Override
  public void start() {
    Thread started = new Thread(this::run, name);
    thread = started;
    trouble = null;
    started.start();
  }

  @Override
  public void stop() throws InterruptedException {
    stopping.countDown();
    Thread started = thread;
    if (started != null) {
      started.join(STOP_WITHIN.toMillis());
    }
  }

  /** Why the loop makes no progress; empty while it does. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (!stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        pause = turn();
      }
      trouble = "stopped";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trouble = "interrupted";
    }
  }

  private Duration turn() throws InterruptedException {
    try {
      Duration pause = step.run();
      if (trouble != null) {
        log.info("{} goes on", name);
        trouble = null;
      }
      return pause;
    } catch (RedisException e) {
      report(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      // The top of the loop: whatever it is, the next turn starts from Redis's own state again.
      report(e.toString(), e);
    }
    return RETRY;
  }

  private void report(String reason, RuntimeException failure) {
    if (trouble == null) {
      log.error("{} cannot go on, tries again every {} ms: {}", name, RETRY.toMillis(), reason);
      log.debug("{}", name, failure);
    }
    trouble = reason;
  }
}
