package io.fullhouse.counter;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;

/**
 * This worker's share of the work; add up all workers. Entries of the log = folded by all, of which
 * {@code dead_letters} changed nothing.
 */
final class CounterMetrics {
  final Timer drain;
  final Counter folded;
  final Counter deadLetters;
  final Counter expired;

  /** Of the expired: they took a seat and were never heard of again. */
  final Counter unheard;

  final Counter braked;
  final Counter lapsed;
  final Counter checkpoints;
  final Counter trimmed;
  final Counter stepsFailed;

  CounterMetrics(MetricRegistry registry) {
    drain = registry.timer("counter.drain");
    folded = registry.counter("counter.events.folded");
    deadLetters = registry.counter("counter.events.dead_letters");
    expired = registry.counter("counter.viewers.expired");
    unheard = registry.counter("counter.viewers.unheard");
    braked = registry.counter("counter.sweep.braked");
    lapsed = registry.counter("counter.seats.lapsed");
    checkpoints = registry.counter("counter.checkpoints.written");
    trimmed = registry.counter("counter.events.trimmed");
    stepsFailed = registry.counter("counter.steps.failed");
  }
}
