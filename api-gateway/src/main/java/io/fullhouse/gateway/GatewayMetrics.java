package io.fullhouse.gateway;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;

/** Every metric of ours, at zero from the start: one that is missing shows nothing. Thread-safe. */
final class GatewayMetrics {
  private final Counter joinTaken;
  private final Counter joinFull;
  private final Counter joinBanned;
  private final Counter tokenFailed;
  private final Counter tokenThrottled;
  private final Counter heartbeatOk;
  private final Counter heartbeatSlow;
  private final Counter healed;
  private final Counter left;
  private final Counter ticked;

  GatewayMetrics(MetricRegistry registry) {
    joinTaken = registry.counter("gateway.join.taken");
    joinFull = registry.counter("gateway.join.full");
    joinBanned = registry.counter("gateway.join.banned");
    tokenFailed = registry.counter("gateway.token.failed");
    tokenThrottled = registry.counter("gateway.token.throttled");
    heartbeatOk = registry.counter("gateway.heartbeat.ok");
    heartbeatSlow = registry.counter("gateway.heartbeat.slow");
    healed = registry.counter("gateway.heartbeat.healed");
    left = registry.counter("gateway.leave.ok");
    ticked = registry.counter("gateway.tick.ok");
  }

  /** A join or rejoin is in the log. */
  void joinTaken() {
    joinTaken.inc();
  }

  /** No seat was free. */
  void joinFull() {
    joinFull.inc();
  }

  /** Who is banned wanted to come in. */
  void joinBanned() {
    joinBanned.inc();
  }

  /** IVS gave no token; the seat held for it was given back. */
  void tokenFailed() {
    tokenFailed.inc();
  }

  /** IVS throttled an attempt that the budget let through. */
  void tokenThrottled() {
    tokenThrottled.inc();
  }

  /** Answered in one trip. */
  void heartbeatOk() {
    heartbeatOk.inc();
  }

  /** The viewer was not where the heartbeat says: the seat script decided. */
  void heartbeatSlow() {
    heartbeatSlow.inc();
  }

  /** A heartbeat brought its viewer back into the count. */
  void healed() {
    healed.inc();
  }

  void left() {
    left.inc();
  }

  void ticked() {
    ticked.inc();
  }
}
