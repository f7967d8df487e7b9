package io.fullhouse.simulator;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether something is due by the simulator's clock, which may run unlike the
 * real one. A failure is logged, and the next look comes.
 */
final class Clockwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clockwork.class);
  private static final long PERIOD_MILLIS = 50;

  private final ScheduledExecutorService thread;

  private Clockwork(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /**
   * @param look is called from one thread
   */
  static Clockwork start(Runnable look) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread made = new Thread(work, "simulator-clock");
              made.setDaemon(true);
              return made;
            });
    // The future would only tell of a failure, and the look never fails.
    var unused =
        thread.scheduleWithFixedDelay(
            () -> safely(look), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return new Clockwork(thread);
  }

  private static void safely(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.error("what was due in the simulator failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
