package io.fullhouse.deploy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks at something over and over while others change it, and keeps the first wrong sight. */
final class Sampler implements AutoCloseable {
  private final Look look;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger samples = new AtomicInteger();
  private volatile Optional<Throwable> wrong = Optional.empty();

  /** One look. */
  interface Look {
    /**
     * Looks once.
     *
     * @return whether there was anything to see
     * @throws AssertionError when it was wrong
     */
    boolean look() throws InterruptedException;
  }

  private Sampler(Look look) {
    this.look = look;
  }

  static Sampler start(Duration every, Look look) {
    Sampler sampler = new Sampler(look);
    var unused =
        sampler.thread.scheduleWithFixedDelay(
            sampler::sample, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    return sampler;
  }

  private void sample() {
    try {
      if (look.look()) {
        samples.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | AssertionError e) {
      wrong = Optional.of(wrong.orElse(e));
    }
  }

  /** How often it looked and saw something, all of it right. */
  int rightSamples() {
    wrong.ifPresent(
        first -> {
          throw new AssertionError("a sample during the run was wrong", first);
        });
    return samples.get();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
