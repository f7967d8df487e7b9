package io.fullhouse.scaler;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.ViewerCounts;
import io.fullhouse.redis.StreamEntry;
import io.fullhouse.redis.StreamHandler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest counts in memory and calls for a pass as soon as they cross the scale-up line.
 *
 * <p>Thread-safe. Safe to repeat: counts are absolute and an older entry never replaces a newer
 * one. It only says <em>when</em> to look: the pass itself reads Redis, so an entry missed or
 * handled by another scaler of the group delays a decision by one interval and falsifies none.
 */
final class ViewerCountHandler implements StreamHandler {
  private static final Logger log = LoggerFactory.getLogger(ViewerCountHandler.class);

  private record Count(EntryId entry, long viewers) {}

  private final Runnable lineCrossed;
  private final Runnable dataLost;
  private final ScalerMetrics metrics;
  private final Map<StageArn, Count> counts = new HashMap<>();
  private final Set<String> warned = new HashSet<>();
  private Count total = new Count(EntryId.ZERO, 0);
  private long scaleUpLine = Long.MAX_VALUE;
  private boolean above;

  /**
   * @param lineCrossed called by the consumer's thread; must not block
   * @param dataLost called when the consumer group had to be made: Redis may be empty
   */
  ViewerCountHandler(Runnable lineCrossed, Runnable dataLost, ScalerMetrics metrics) {
    this.lineCrossed = lineCrossed;
    this.dataLost = dataLost;
    this.metrics = metrics;
  }

  @Override
  public void handle(StreamEntry entry) {
    ViewerCounts.Decoded decoded = ViewerCounts.decode(entry.fields());
    if (decoded instanceof ViewerCounts.Decoded.Counts known) {
      metrics.countsHandled.inc();
      if (accept(entry.id(), known.counts())) {
        lineCrossed.run();
      }
    } else if (decoded instanceof ViewerCounts.Decoded.OtherVersion other) {
      skip(entry, "version " + other.version(), "its schema version is " + other.version());
    } else if (decoded instanceof ViewerCounts.Decoded.Unreadable unreadable) {
      skip(entry, "unreadable", unreadable.reason());
    }
  }

  /** Whether the line was crossed, either way. */
  private synchronized boolean accept(EntryId entry, ViewerCounts newer) {
    newer
        .viewers()
        .forEach(
            (stage, viewers) ->
                counts.merge(stage, new Count(entry, viewers), ViewerCountHandler::later));
    total = later(total, new Count(entry, newer.total()));
    boolean was = above;
    above = total.viewers() > scaleUpLine;
    return above != was;
  }

  private static Count later(Count one, Count other) {
    return other.entry().isAfter(one.entry()) ? other : one;
  }

  /** From now on a total above {@code viewers} calls for a pass. Called by each pass. */
  synchronized void scaleUpLine(long viewers) {
    scaleUpLine = viewers;
    above = total.viewers() > viewers;
  }

  /** The latest count of a stage; empty when none was seen since the start. */
  synchronized OptionalLong viewers(StageArn stage) {
    Count count = counts.get(stage);
    return count == null ? OptionalLong.empty() : OptionalLong.of(count.viewers());
  }

  /** The latest total. */
  synchronized long totalViewers() {
    return total.viewers();
  }

  /** Each kind of entry that cannot be used is said once: there may be thousands. */
  private void skip(StreamEntry entry, String kind, String reason) {
    metrics.countsSkipped.inc();
    boolean first;
    synchronized (this) {
      first = warned.add(kind);
    }
    if (first) {
      log.warn("skipping entry {} of the counts and others like it: {}", entry.id(), reason);
    }
  }

  @Override
  public void givenUp(StreamEntry entry, String reason) {
    metrics.countsSkipped.inc();
    log.error("entry {} of the counts failed too often, skipped: {}", entry.id(), reason);
  }

  @Override
  public void started() {
    synchronized (this) {
      counts.clear();
      total = new Count(EntryId.ZERO, 0);
      above = false;
    }
    dataLost.run();
  }
}
