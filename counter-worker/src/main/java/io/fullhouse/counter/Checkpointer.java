package io.fullhouse.counter;

import io.fullhouse.counter.EventLog.Extent;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.WorkerLoop;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log short without losing the proof: stores the state at some entry, then drops what
 * lies before it.
 *
 * <p>The state is computed from the log, from the checkpoint before it, by the model: never copied
 * from the live keys, so that an audit proves those from the first entry on. Time is stream time.
 */
final class Checkpointer implements WorkerLoop.Step {
  private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** One worker at a time computes; a shade shorter than a look, so that the next look may too. */
  private static final Duration TURN = Duration.ofSeconds(9);

  private final PresenceStore presences;
  private final EventLog events;
  private final CheckpointStore checkpoints;
  private final Retention retention;
  private final CounterMetrics metrics;
  private final String worker = UUID.randomUUID().toString();
  private @Nullable PresenceModel last;

  /** The newest checkpoint when this worker last looked, whoever wrote it. */
  private EntryId newest = EntryId.ZERO;

  private long addedAtNewest;

  Checkpointer(
      PresenceStore presences,
      EventLog events,
      CheckpointStore checkpoints,
      Retention retention,
      CounterMetrics metrics) {
    this.presences = presences;
    this.events = events;
    this.checkpoints = checkpoints;
    this.retention = retention;
    this.metrics = metrics;
  }

  @Override
  public Duration run() {
    if (checkpoints.acquireTurn(worker, TURN)) {
      step();
    }
    return LOOK_EVERY;
  }

  /** Looks once: writes a checkpoint if one is due, and trims what it allows. */
  void step() {
    Extent extent = events.extent();
    EntryId position = LiveState.read(presences, 0).position();
    NavigableSet<EntryId> stored = checkpoints.ids();
    if (!stored.isEmpty() && stored.last().isAfter(position)) {
      log.error("ALARM the checkpoints belong to a log that is gone: they are dropped");
      checkpoints.clear();
      stored.clear();
    }
    EntryId latest = stored.isEmpty() ? EntryId.ZERO : stored.last();
    if (!latest.equals(newest)) { // another worker's: what was added before this look is its own
      newest = latest;
      addedAtNewest = extent.added();
    }
    if (isDue(extent, position, stored)) {
      write(position, stored, extent);
      stored = checkpoints.ids();
      newest = position;
      addedAtNewest = extent.added();
    }
    trim(position, stored);
  }

  private boolean isDue(Extent extent, EntryId position, NavigableSet<EntryId> stored) {
    EntryId from = stored.isEmpty() ? extent.first() : stored.last();
    if (from == null || !position.isAfter(from)) {
      return false;
    }
    if (position.millis() - from.millis() >= retention.checkpointEvery().toMillis()) {
      return true;
    }
    long bytes = events.bytes();
    long addedSince = extent.added() - addedAtNewest;
    double share = extent.length() == 0 ? 0 : Math.min(1.0, (double) addedSince / extent.length());
    return bytes * share >= retention.checkpointEveryBytes();
  }

  private void write(EntryId position, NavigableSet<EntryId> stored, Extent extent) {
    PresenceModel model = base(stored, extent);
    long folded = LogFold.to(events, model, position, progress -> {});
    int bytes = checkpoints.write(model);
    last = model;
    metrics.checkpoints.inc();
    log.info(
        "stored a checkpoint at {}: {} viewers, {} entries further, {} bytes",
        model.position(),
        model.totalViewers(),
        folded,
        bytes);
  }

  private PresenceModel base(NavigableSet<EntryId> stored, Extent extent) {
    PresenceModel cached = last;
    if (cached != null && stored.contains(cached.position())) {
      return cached;
    }
    for (EntryId id : stored.descendingSet()) {
      try {
        Optional<PresenceModel> read = checkpoints.read(id);
        if (read.isPresent()) {
          return read.get();
        }
      } catch (IllegalArgumentException e) {
        log.error("ALARM checkpoint {}: {}; the one before it is used", id, e.getMessage());
      }
    }
    if (extent.beginsAtFirstEntry()) {
      return new PresenceModel();
    }
    log.error(
        "ALARM the log does not begin at its first entry and no checkpoint is stored: from here on"
            + " the live keys are taken at their word");
    return LiveState.read(presences, Integer.MAX_VALUE)
        .toModel(what -> log.error("ALARM {} cannot be read and is passed over", what));
  }

  private void trim(EntryId position, NavigableSet<EntryId> stored) {
    if (stored.isEmpty()) {
      return;
    }
    EntryId cut = stored.first();
    EntryId old =
        stored.floor(new EntryId(Math.max(0, position.millis() - retention.time().toMillis()), 0));
    if (old != null) {
      cut = old;
    }
    long removed = checkpoints.trimTo(cut);
    for (EntryId next : List.copyOf(stored.tailSet(cut, false))) {
      if (events.bytes() <= retention.bytes()) {
        break;
      }
      removed += checkpoints.trimTo(next);
      cut = next;
    }
    metrics.trimmed.inc(removed);
    if (removed > 0) {
      log.info("dropped {} entries before {}", removed, cut);
    }
  }
}
