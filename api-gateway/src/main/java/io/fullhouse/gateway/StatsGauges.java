package io.fullhouse.gateway;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.StatsSnapshot.State;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers as metrics, from the same snapshots as everything else that shows them. Thread-safe.
 *
 * <p>Whoever looks at them waits for Redis, once for all of them; without it they are null: a
 * number of yesterday would be taken for one of today.
 */
final class StatsGauges {
  private final StatsReader stats;
  private final LongSupplier nanoTime;
  private @Nullable Looked last;

  private record Looked(long at, Optional<StatsSnapshot> found) {}

  /**
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  StatsGauges(StatsReader stats, LongSupplier nanoTime) {
    this.stats = stats;
    this.nanoTime = nanoTime;
  }

  void register(MetricRegistry registry) {
    register(registry, "viewers", StatsSnapshot::totalViewers);
    register(registry, "publisher.live", now -> now.publisherLive() ? 1 : 0);
    register(registry, "lag.millis", StatsSnapshot::lagMillis);
    for (State state : State.values()) {
      register(
          registry,
          "stages." + state.name().toLowerCase(Locale.ROOT),
          now -> now.stages().stream().filter(stage -> stage.state() == state).count());
    }
  }

  private void register(
      MetricRegistry registry, String name, ToLongFunction<StatsSnapshot> number) {
    registry.gauge(
        "gateway.stats." + name, () -> () -> now().map(number::applyAsLong).orElse(null));
  }

  private synchronized Optional<StatsSnapshot> now() {
    Looked before = last;
    if (before == null || nanoTime.getAsLong() - before.at() >= StatsReader.SHARED_FOR.toNanos()) {
      before = new Looked(nanoTime.getAsLong(), read());
      last = before;
    }
    return before.found();
  }

  private Optional<StatsSnapshot> read() {
    try {
      return Optional.of(
          stats
              .recent()
              .toCompletableFuture()
              .get(GatewayRedis.BOUND.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty(); // told where requests fail
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
