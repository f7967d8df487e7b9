package io.fullhouse.counter;

import io.fullhouse.counter.EventLog.Extent;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Proves the live keys from the log, or tells the state at any entry. Reads only, and may run
 * beside everything else.
 */
final class Audit {
  private static final int TRIES = 3;
  private static final int SHOWN_DIFFERENCES = 100;
  private static final long PROGRESS_PAGES = 250;

  private final PresenceStore store;
  private final EventLog log;
  private final CheckpointStore checkpoints;
  private final PrintStream out;
  private final PrintStream progress;
  private final int photographed;
  private long pages;

  Audit(
      PresenceStore store,
      EventLog log,
      CheckpointStore checkpoints,
      PrintStream out,
      PrintStream progress) {
    this(store, log, checkpoints, out, progress, LiveState.AT_ONCE);
  }

  /**
   * @param photographed viewers at most that are read in one call; more are stage by stage
   */
  Audit(
      PresenceStore store,
      EventLog log,
      CheckpointStore checkpoints,
      PrintStream out,
      PrintStream progress,
      int photographed) {
    this.store = store;
    this.log = log;
    this.checkpoints = checkpoints;
    this.out = out;
    this.progress = progress;
    this.photographed = photographed;
  }

  /** What the log does not reach back to. */
  static final class CannotProve extends Exception {
    private static final long serialVersionUID = 1;

    CannotProve(String message) {
      super(message);
    }
  }

  /** Where a fold may begin, and in words since when that proves anything. */
  private record Base(PresenceModel model, String since, EntryId id) {}

  /**
   * Compares the live keys with the fold of the log at the same entry.
   *
   * @return whether they are the same
   */
  boolean verify() throws CannotProve {
    for (int attempt = 1; ; attempt++) {
      Base base = oldestBase();
      StateComparison comparison = new StateComparison();
      LiveState live = compare(base.model(), comparison);
      if (base.id().equals(EntryId.ZERO) || checkpoints.ids().contains(base.id())) {
        return report(base, live, comparison.differences());
      }
      if (attempt == TRIES) {
        throw new CannotProve("the log was trimmed while it was read; try again");
      }
      progress.println("the log was trimmed meanwhile: beginning again");
    }
  }

  private LiveState compare(PresenceModel model, StateComparison comparison) {
    LiveState live = LiveState.read(store, photographed);
    fold(model, live.position());
    comparison.compareFold(model, live);
    TreeSet<String> stages = new TreeSet<>(live.counts().keySet());
    model.counts().keySet().stream().map(StageArn::value).forEach(stages::add);
    boolean complete = live.seated() <= photographed;
    for (String stage : stages) {
      LiveState.Viewers viewers = live.stages().get(stage);
      if (viewers == null) {
        viewers =
            complete
                ? new LiveState.Viewers(live.position(), Map.of(), Map.of())
                : LiveState.readStage(store, new StageArn(stage));
      }
      fold(model, viewers.position()); // each stage at its own entry: the fold moves on with them
      comparison.compareStage(model, stage, viewers);
    }
    return live;
  }

  private boolean report(Base base, LiveState live, List<String> differences) {
    out.println(
        "position " + live.position() + ", " + live.total() + " viewers, proven " + base.since());
    differences.stream().limit(SHOWN_DIFFERENCES).forEach(line -> out.println("DIFFERS " + line));
    if (differences.size() > SHOWN_DIFFERENCES) {
      out.println("... and " + (differences.size() - SHOWN_DIFFERENCES) + " more");
    }
    out.println(
        differences.isEmpty()
            ? "OK: Redis has what the log gives"
            : differences.size() + " differences");
    return differences.isEmpty();
  }

  /** Prints the state as it was at an entry, as JSON. */
  PresenceModel replay(EntryId at) throws CannotProve {
    Extent extent = log.extent();
    if (extent.first() != null && at.isAfter(extent.lastGenerated())) {
      throw new CannotProve("the log ends at " + extent.lastGenerated() + ", before " + at);
    }
    Base base = baseFor(at);
    fold(base.model(), at);
    progress.println("proven " + base.since());
    return base.model();
  }

  private void fold(PresenceModel model, EntryId upTo) {
    LogFold.to(
        log,
        model,
        upTo,
        folded -> {
          if (++pages % PROGRESS_PAGES == 0) {
            progress.println(folded + " entries folded, at " + model.position());
          }
        });
  }

  private Base oldestBase() throws CannotProve {
    return firstReadable(checkpoints.ids(), null);
  }

  private Base baseFor(EntryId at) throws CannotProve {
    NavigableSet<EntryId> ids = checkpoints.ids();
    return firstReadable(ids.headSet(at, true).descendingSet(), ids.isEmpty() ? null : ids.first());
  }

  /** A damaged checkpoint costs itself only; without any, the log must begin at its first entry. */
  private Base firstReadable(Iterable<EntryId> ids, @Nullable EntryId oldest) throws CannotProve {
    for (EntryId id : ids) {
      try {
        return checkpoint(id);
      } catch (IllegalArgumentException e) {
        progress.println("checkpoint " + id + " is passed over: " + e.getMessage());
      }
    }
    return firstEntry(oldest);
  }

  private Base checkpoint(EntryId id) throws CannotProve {
    PresenceModel model =
        checkpoints
            .read(id)
            .orElseThrow(() -> new CannotProve("the checkpoint " + id + " is gone; try again"));
    return new Base(model, "since the checkpoint " + id, id);
  }

  private Base firstEntry(@Nullable EntryId oldestCheckpoint) throws CannotProve {
    Extent extent = log.extent();
    EntryId first = extent.first();
    if (first == null) {
      throw new CannotProve("there is no log here; REDIS_KEY_PREFIX names another one");
    }
    if (!extent.beginsAtFirstEntry()) {
      throw new CannotProve(
          "cannot prove before "
              + (oldestCheckpoint != null ? oldestCheckpoint : first)
              + ": the log was trimmed up to there");
    }
    return new Base(new PresenceModel(), "since the first entry " + first, EntryId.ZERO);
  }

  /** The state in a form to print. */
  static Map<String, Object> describe(PresenceModel model) {
    Map<String, Object> state = new TreeMap<>();
    state.put("position", model.position().toString());
    state.put("totalViewers", model.totalViewers());
    state.put("isPublisherLive", model.publisherIsLive());
    state.put("fold", model.foldFields());
    Map<String, Object> stages = new TreeMap<>();
    model
        .counts()
        .keySet()
        .forEach(s -> stages.put(s.value(), StateComparison.valuesOf(model, s.value())));
    state.put("stages", stages);
    return state;
  }
}
