package io.fullhouse.gateway.live;

import io.fullhouse.model.EntryId;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What happened to stages, for those who come back: each notice is read once for all of them. Used
 * by the hub's thread alone.
 */
final class History {
  /** Redis keeps about as many. */
  private static final int MOST = 10_000;

  private final NavigableMap<EntryId, LiveEvent> events = new TreeMap<>();
  private EntryId from;
  private boolean oldest;

  /**
   * @param from all that comes behind this will be added
   */
  History(EntryId from) {
    this.from = from;
  }

  /** Everything behind this is here. */
  EntryId from() {
    return from;
  }

  /** Whether all behind {@code id} is here. */
  boolean reaches(EntryId id) {
    return !from.isAfter(id);
  }

  /** Whether nothing older can be had. */
  boolean oldest() {
    return oldest;
  }

  void add(LiveEvent event) {
    events.put(event.id(), event);
    if (events.size() > MOST) {
      from = events.pollFirstEntry().getKey();
      oldest = true;
    }
  }

  /**
   * Goes back further.
   *
   * @param id from where on it is complete now
   * @param nothingBefore whether what is older is lost
   */
  void extend(EntryId id, boolean nothingBefore) {
    from = id;
    oldest = nothingBefore;
  }

  Collection<LiveEvent> after(EntryId id) {
    return events.tailMap(id, false).values();
  }
}
