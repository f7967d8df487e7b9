package io.fullhouse.counter;

import io.fullhouse.model.EndReason;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.EventCodec.Decoded;
import io.fullhouse.model.PastPresence;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent;
import io.fullhouse.model.ViewerEvent.Banned;
import io.fullhouse.model.ViewerEvent.Credited;
import io.fullhouse.model.ViewerEvent.Expired;
import io.fullhouse.model.ViewerEvent.Heartbeat;
import io.fullhouse.model.ViewerEvent.Joined;
import io.fullhouse.model.ViewerEvent.Left;
import io.fullhouse.model.ViewerEvent.OfViewer;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.model.ViewerEvent.SaidBye;
import io.fullhouse.model.ViewerEvent.Ticked;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the fold in plain Java: the specification. {@code drain.lua} keeps the same rules in
 * Redis; property tests drive both, audits fold with this one.
 *
 * <p>A pure function of the log: no clock, no randomness, no order of a hash map. Not thread-safe.
 */
final class PresenceModel {
  private static final Comparator<StageArn> BY_TEXT = Comparator.comparing(StageArn::value);

  private final Map<UserId, Presence> viewers = new HashMap<>();
  private final Map<StageArn, Integer> counts = new TreeMap<>(BY_TEXT);
  private final Map<String, Long> gateways = new TreeMap<>();
  private final Map<String, Publisher> publishers = new TreeMap<>();
  private final Map<String, Long> heard = new TreeMap<>();
  private final Clock clock = new Clock();
  private EntryId position = EntryId.ZERO;

  /** Stream time, and since when silence counts; all epoch milliseconds, 0 for never. */
  private static final class Clock {
    private long now;
    private long floor;
    private long held;
    private long lost;
    private long offline;
  }

  private record Publisher(
      String participant, StageArn stage, PublisherEvidence evidence, long sinceMillis) {
    static Publisher ofValue(String value) {
      String[] parts = value.split("\\|", -1);
      return new Publisher(
          parts[0],
          new StageArn(parts[1]),
          PublisherEvidence.valueOf(parts[2].toUpperCase(Locale.ROOT)),
          Long.parseLong(parts[3]));
    }

    /** IVS sees it publish there. */
    Publisher seen(StageArn there) {
      return new Publisher(participant, there, PublisherEvidence.IVS, sinceMillis);
    }

    String toValue() {
      return participant + "|" + stage + "|" + evidence.wireName() + "|" + sinceMillis;
    }
  }

  /**
   * A presence that an entry ended.
   *
   * @param past what the user's history tells of it
   */
  record Ended(UserId user, PastPresence past) {}

  /**
   * Folds one entry. What cannot be read, and what came later than these rules, changes nothing but
   * the position.
   *
   * @return the presence that this entry ended, if it did
   * @throws IllegalArgumentException when the entry does not stand behind the last one folded, or
   *     is a version ahead: the fold stops before it
   */
  Optional<Ended> fold(EntryId id, Decoded decoded) {
    if (!id.isAfter(position)) {
      throw new IllegalArgumentException(id + " does not stand behind " + position);
    }
    if (decoded instanceof Decoded.TooNew) {
      throw new IllegalArgumentException(id + " is a version ahead of this fold");
    }
    Optional<Ended> ended =
        decoded instanceof Decoded.Event event ? apply(id, event.event()) : Optional.empty();
    position = id;
    return ended;
  }

  private Optional<Ended> apply(EntryId id, ViewerEvent event) {
    if (event instanceof OfViewer viewerEvent) {
      return applyToViewer(id, viewerEvent);
    } else if (event instanceof Banned e) {
      return end(id, e.user(), EndReason.BANNED); // whoever it is
    }
    applyToHouse(id.millis(), event);
    return Optional.empty();
  }

  private void applyToHouse(long millis, ViewerEvent event) {
    if (event instanceof Ticked e) {
      tick(millis, e.gateway());
    } else if (event instanceof SaidBye e) {
      gateways.remove(e.gateway());
    } else if (event instanceof Credited) {
      clock.floor = millis;
      clock.held = millis;
    } else if (event instanceof PublisherLive e) {
      publisherLive(millis, e);
    } else if (event instanceof PublisherOffline e) {
      publisherOffline(millis, e);
    }
  }

  private Optional<Ended> applyToViewer(EntryId id, OfViewer event) {
    long millis = id.millis();
    Presence present = viewers.get(event.user());
    if (event instanceof Joined) {
      // Whoever it was before: the newest join is the presence, and the user has been here since
      // its first one.
      long joined = present == null ? millis : present.joinedMillis();
      put(event.user(), new Presence(event.stage(), event.presence(), millis, joined));
    } else if (present == null || !isSame(event, present)) {
      return Optional.empty(); // a stray heartbeat, a late leave, a superseded device
    } else if (event instanceof Heartbeat) {
      viewers.put(event.user(), present.seenAt(millis));
    } else if (event instanceof Left e) {
      return end(id, e.user(), e.reason());
    } else if (event instanceof Expired e && present.seenMillis() <= e.seenMillis()) {
      return end(id, e.user(), e.reason());
    }
    return Optional.empty();
  }

  private Optional<Ended> end(EntryId id, UserId user, EndReason reason) {
    Presence present = viewers.get(user);
    if (present == null) {
      return Optional.empty();
    }
    remove(user);
    return Optional.of(new Ended(user, present.endedBy(id, reason)));
  }

  private static boolean isSame(OfViewer event, Presence present) {
    return event.presence().matches(present.id(), event.stage().equals(present.stage()));
  }

  private void put(UserId user, Presence presence) {
    remove(user);
    viewers.put(user, presence);
    counts.merge(presence.stage(), 1, Integer::sum);
  }

  private void remove(UserId user) {
    Presence removed = viewers.remove(user);
    if (removed != null) {
      counts.computeIfPresent(removed.stage(), (stage, n) -> n == 1 ? null : n - 1);
    }
  }

  private void tick(long millis, String gateway) {
    long gap = FoldRules.TICK_GAP.toMillis();
    if (clock.now == 0 || millis < clock.now || millis - clock.now > gap) {
      clock.floor = millis; // nobody was listening: until now, nobody was silent
    }
    boolean lost =
        gateways
            .entrySet()
            .removeIf(e -> !e.getKey().equals(gateway) && millis - e.getValue() > gap);
    if (lost && (clock.lost == 0 || millis - clock.lost > FoldRules.FORGIVE_ONCE_IN.toMillis())) {
      clock.floor = millis;
      clock.lost = millis;
    }
    gateways.put(gateway, millis);
    clock.now = millis;
  }

  private void publisherLive(long millis, PublisherLive event) {
    String participant = event.participant().value();
    if (event.evidence() == PublisherEvidence.IVS) {
      if (!isNews(millis, participant, event.atMillis()) || clock.offline > 0) {
        return; // the operator's word sticks until the next token
      }
      // IVS knows users by a pseudonym at most: the participant says whose it is.
      if (publishers.values().stream().anyMatch(p -> p.participant().equals(participant))) {
        publishers.replaceAll(
            (user, p) -> p.participant().equals(participant) ? p.seen(event.stage()) : p);
        return;
      }
    } else {
      clock.offline = 0;
    }
    String name = event.stage() + "/" + event.user(); // several stages, once on each
    Publisher before = publishers.get(name);
    long since = before == null ? millis : before.sinceMillis();
    publishers.put(name, new Publisher(participant, event.stage(), event.evidence(), since));
  }

  /**
   * Whether IVS has not told of something later before: its events come late, twice and in any
   * order. For how long it tells of one is not known, but several hours are said.
   */
  private boolean isNews(long millis, String participant, long atMillis) {
    long at = atMillis > 0 ? atMillis : millis;
    if (participant.isEmpty()) {
      return true;
    }
    if (at < heard.getOrDefault(participant, 0L)) {
      return false;
    }
    heard.values().removeIf(before -> before < millis - FoldRules.IVS_TELLS_WITHIN.toMillis());
    heard.put(participant, at);
    return true;
  }

  private void publisherOffline(long millis, PublisherOffline event) {
    String participant = event.participant();
    if (event.evidence() == PublisherEvidence.IVS
        && !isNews(millis, participant, event.atMillis())) {
      return;
    }
    publishers.values().removeIf(p -> participant.isEmpty() || p.participant().equals(participant));
    if (event.evidence() == PublisherEvidence.OPERATOR) {
      clock.offline = millis;
    }
  }

  /** The last folded entry. */
  EntryId position() {
    return position;
  }

  int totalViewers() {
    return viewers.size();
  }

  boolean publisherIsLive() {
    return !publishers.isEmpty();
  }

  /** Stages that have viewers, with how many. */
  Map<StageArn, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  Map<UserId, Presence> viewers() {
    return Collections.unmodifiableMap(viewers);
  }

  @Nullable Presence presence(UserId user) {
    return viewers.get(user);
  }

  /** The fields of the {@code fold} hash, to the byte as {@code drain.lua} writes them. */
  Map<String, String> foldFields() {
    Map<String, String> fields = new TreeMap<>();
    fields.put("clock", Long.toString(clock.now));
    fields.put("floor", Long.toString(clock.floor));
    fields.put("held", Long.toString(clock.held));
    fields.put("lost", Long.toString(clock.lost));
    fields.put("offline", Long.toString(clock.offline));
    fields.put("at", position.toString());
    gateways.forEach((name, millis) -> fields.put("gateway:" + name, millis.toString()));
    publishers.forEach((name, publisher) -> fields.put("publisher:" + name, publisher.toValue()));
    heard.forEach((participant, at) -> fields.put("heard:" + participant, at.toString()));
    return fields;
  }

  /**
   * The model of a state that was stored before.
   *
   * @param position the entry it holds for
   * @param foldFields as {@link #foldFields} gave them
   * @param viewers who is present
   */
  static PresenceModel restore(
      EntryId position, Map<String, String> foldFields, Map<UserId, Presence> viewers) {
    PresenceModel model = new PresenceModel();
    model.position = position;
    foldFields.forEach(model::restoreField);
    viewers.forEach(model::put);
    return model;
  }

  private void restoreField(String name, String value) {
    switch (name) {
      case "clock" -> clock.now = Long.parseLong(value);
      case "floor" -> clock.floor = Long.parseLong(value);
      case "held" -> clock.held = Long.parseLong(value);
      case "lost" -> clock.lost = Long.parseLong(value);
      case "offline" -> clock.offline = Long.parseLong(value);
      default -> {
        if (name.startsWith("gateway:")) {
          gateways.put(name.substring("gateway:".length()), Long.parseLong(value));
        } else if (name.startsWith("publisher:")) {
          publishers.put(name.substring("publisher:".length()), Publisher.ofValue(value));
        } else if (name.startsWith("heard:")) {
          heard.put(name.substring("heard:".length()), Long.parseLong(value));
        }
      }
    }
  }
}
