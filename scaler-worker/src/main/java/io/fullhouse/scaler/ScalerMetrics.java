package io.fullhouse.scaler;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import io.fullhouse.scaler.DisconnectQueue.Waiting;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The scaler's numbers, all there from the start at zero. Delivered entries = handled + skipped +
 * pending in the group.
 */
final class ScalerMetrics {
  final Counter stepsFailed;
  final Counter countsHandled;
  final Counter countsSkipped;
  final Counter registrations;
  final Counter metadataWritten;
  final Counter metadataRepaired;
  final Counter ivsLookups;
  final Counter ivsLookupsFailed;
  final Histogram decideMillis;
  final Counter noticesSent;
  final Counter noticesFailed;
  final Counter disconnected;
  final Counter disconnectsFailed;
  private final Counter scaleOuts;
  private final Counter scaleIns;
  private final Counter holds;
  private final Counter driftEnded;
  private final Counter driftDisconnected;
  private final Counter driftSkipped;
  private final AtomicLong oursOnly = new AtomicLong();
  private final AtomicLong ivsOnly = new AtomicLong();
  private volatile Waiting waiting = Waiting.NOBODY;
  private final AtomicLong noticesPending = new AtomicLong();
  private final AtomicLong viewers = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong open = new AtomicLong();

  ScalerMetrics(MetricRegistry registry) {
    stepsFailed = registry.counter("scaler.steps.failed");
    countsHandled = registry.counter("scaler.counts.handled");
    countsSkipped = registry.counter("scaler.counts.skipped");
    registrations = registry.counter("scaler.master.registrations");
    metadataWritten = registry.counter("scaler.metadata.written");
    metadataRepaired = registry.counter("scaler.metadata.repaired");
    ivsLookups = registry.counter("scaler.ivs.lookups");
    ivsLookupsFailed = registry.counter("scaler.ivs.lookups.failed");
    decideMillis = registry.histogram("scaler.decide.millis");
    noticesSent = registry.counter("scaler.notices.sent");
    noticesFailed = registry.counter("scaler.notices.failed");
    registry.gauge("scaler.notices.pending", () -> (Gauge<Long>) noticesPending::get);
    driftEnded = registry.counter("scaler.reconcile.ended");
    driftDisconnected = registry.counter("scaler.reconcile.disconnected");
    driftSkipped = registry.counter("scaler.reconcile.stages.skipped");
    registry.gauge("scaler.reconcile.ours-only", () -> (Gauge<Long>) oursOnly::get);
    registry.gauge("scaler.reconcile.ivs-only", () -> (Gauge<Long>) ivsOnly::get);
    disconnected = registry.counter("scaler.disconnects.done");
    disconnectsFailed = registry.counter("scaler.disconnects.failed");
    registry.gauge("scaler.disconnects.banned", () -> (Gauge<Long>) () -> waiting.banned());
    registry.gauge("scaler.disconnects.superseded", () -> (Gauge<Long>) () -> waiting.superseded());
    registry.gauge("scaler.disconnects.expired", () -> (Gauge<Long>) () -> waiting.expired());
    scaleOuts = registry.counter("scaler.decisions.scale-out");
    scaleIns = registry.counter("scaler.decisions.scale-in");
    holds = registry.counter("scaler.decisions.hold");
    registry.gauge("scaler.load.viewers", () -> (Gauge<Long>) viewers::get);
    registry.gauge("scaler.load.seats.taken", () -> (Gauge<Long>) taken::get);
    registry.gauge("scaler.load.stages.open", () -> (Gauge<Long>) open::get);
  }

  /** Notices that are written and not on the bus yet. */
  void noticesPending(long count) {
    noticesPending.set(count);
  }

  /** Who is to be disconnected. */
  void waiting(Waiting now) {
    waiting = now;
  }

  /** What a comparison of all stages with IVS found. */
  void drift(Drift drift) {
    oursOnly.set(drift.oursOnly());
    ivsOnly.set(drift.ivsOnly());
    driftEnded.inc(drift.ended());
    driftDisconnected.inc(drift.disconnected());
    driftSkipped.inc(drift.skipped());
  }

  /** Counts one pass's decision and remembers the load behind it. */
  void decided(ScalingDecision decision, StageLoad load) {
    if (decision instanceof ScaleOut) {
      scaleOuts.inc();
    } else if (decision instanceof ScaleIn) {
      scaleIns.inc();
    } else {
      holds.inc();
    }
    viewers.set(load.totalViewers());
    taken.set(load.taken());
    open.set(load.open());
  }
}
