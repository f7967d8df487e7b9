package io.fullhouse.gateway.live;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.live.Watcher.End;

/** What there is to know of those who watch. Thread-safe. */
public final class LiveMetrics {
  private final Counter slow;
  private final Counter gone;
  private volatile int watchers;

  public LiveMetrics(MetricRegistry registry) {
    slow = registry.counter("gateway.live.dropped.slow");
    gone = registry.counter("gateway.live.dropped.gone");
    registry.gauge("gateway.live.watchers", () -> () -> watchers);
  }

  void watching(int now) {
    watchers = now;
  }

  void dropped(End why, int many) {
    switch (why) {
      case SLOW -> slow.inc(many);
      case GONE -> gone.inc(many);
      case STOPPING -> {
        // told to go elsewhere: nothing is wrong with it
      }
    }
  }
}
