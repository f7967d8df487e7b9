package io.fullhouse.gateway.live;

import io.fullhouse.gateway.live.Feed.Page;
import io.fullhouse.gateway.live.Feed.Picture;
import io.fullhouse.gateway.live.Feed.StageChange;
import io.fullhouse.model.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one reader: waits for news, reads the numbers and what happened to stages up to them, and
 * fills in those who come back. Rests while nobody watches. Used by the hub's thread alone.
 */
final class Newsreader {
  private static final Logger log = LoggerFactory.getLogger(Newsreader.class);

  /** Shorter than the command timeout, so that a waiting read is never taken for a dead Redis. */
  private static final Duration NEWS_WITHIN = Duration.ofMillis(500);

  /** What no stream tells of, such as a seat held for a moment, is seen after this. */
  private static final Duration LOOK_ANYWAY = Duration.ofSeconds(5);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

  /** Events; who missed more begins anew. */
  private static final int MISSED_AT_MOST = 1_000;

  private final Feed feed;
  private final Audience audience;
  private final Later later;
  private final LongSupplier nanoTime;
  private final Map<Watcher, Arrival> arrivals = new LinkedHashMap<>();
  private @Nullable Shown shown;
  private boolean reading;
  private boolean awaiting;
  private boolean scheduled;
  private boolean loading;
  private boolean failing;
  private long readAt;

  /** Those who are shown it. */
  interface Audience {
    boolean isEmpty();

    /** Something happened to a stage, or was missed. */
    void all(LiveEvent event);

    /** Numbers other than before. */
    void changed(LiveEvent stats);

    /** How often numbers are shown. */
    Duration every();

    /** Somebody who is shown everything from now on. */
    void welcome(Watcher watcher, Iterable<LiveEvent> missed, LiveEvent stats);
  }

  /** Runs something on the hub's thread. */
  interface Later {
    void run(Duration pause, Runnable task);
  }

  /** Up to where the audience is. */
  private record Shown(Picture picture, LiveEvent stats, History history) {
    EntryId position() {
      return picture.notices();
    }
  }

  /** Somebody who is not shown anything yet. */
  private static final class Arrival {
    private final Optional<EntryId> after;
    private boolean looked;

    Arrival(Optional<EntryId> after) {
      this.after = after;
    }
  }

  /**
   * @param whole whether {@code changes} are all
   */
  private record Round(Picture picture, List<StageChange> changes, boolean whole) {}

  Newsreader(Feed feed, Audience audience, Later later, LongSupplier nanoTime) {
    this.feed = feed;
    this.audience = audience;
    this.later = later;
    this.nanoTime = nanoTime;
  }

  void arrive(Watcher watcher, Optional<EntryId> after) {
    arrivals.put(watcher, new Arrival(after));
    read(false);
  }

  boolean forget(Watcher watcher) {
    return arrivals.remove(watcher) != null;
  }

  List<Watcher> arrivals() {
    return List.copyOf(arrivals.keySet());
  }

  /** About every second. The numbers, unless Redis is away. */
  Optional<LiveEvent> look() {
    if (isNeeded() && !reading && !awaiting && !scheduled) {
      read(true); // a mistake of ours must not end it
    }
    return failing ? Optional.empty() : Optional.ofNullable(shown).map(Shown::stats);
  }

  private boolean isNeeded() {
    return !audience.isEmpty() || !arrivals.isEmpty();
  }

  private void read(boolean fresh) {
    if (reading) {
      return;
    }
    reading = true;
    readAt = nanoTime.getAsLong();
    Shown before = shown;
    (fresh ? feed.fresh() : feed.recent())
        .thenCompose(
            picture ->
                changes(
                    before == null ? picture.notices() : before.position(),
                    new Round(picture, List.of(), true)))
        .whenComplete(
            (round, failure) ->
                later.run(
                    Duration.ZERO,
                    () -> {
                      reading = false;
                      if (failure == null) {
                        show(round);
                      } else {
                        failed(failure);
                      }
                    }));
  }

  /** With what happened behind {@code after}. */
  private CompletionStage<Round> changes(EntryId after, Round so) {
    EntryId to = so.picture().notices();
    if (!to.isAfter(after)) {
      return CompletableFuture.completedStage(so);
    }
    return feed.stages(after, to)
        .thenCompose(
            page -> {
              List<StageChange> changes = new ArrayList<>(so.changes());
              changes.addAll(page.changes());
              Round more = new Round(so.picture(), changes, so.whole() && page.whole());
              return page.last()
                  .map(last -> changes(last, more))
                  .orElseGet(() -> CompletableFuture.completedStage(more));
            });
  }

  private void failed(Throwable failure) {
    if (!failing) {
      log.warn("the numbers cannot be read, trying on: {}", failure.toString());
    }
    failing = true;
    readLater(PAUSE_AFTER_FAILURE);
  }

  private void readLater(Duration pause) {
    if (!scheduled) {
      scheduled = true;
      later.run(
          pause,
          () -> {
            scheduled = false;
            if (isNeeded()) {
              read(true);
            } else {
              rest();
            }
          });
    }
  }

  /** To be called when somebody left. */
  void restIfAlone() {
    if (!isNeeded()) {
      rest();
    }
  }

  private void rest() {
    shown = null;
    failing = false;
  }

  private void show(Round round) {
    if (!isNeeded()) {
      rest();
      return;
    }
    if (failing) {
      log.info("the numbers can be read again");
      failing = false;
    }
    Picture picture = round.picture();
    EntryId position = picture.notices();
    Shown before = shown;
    boolean lost = before != null && (before.position().isAfter(position) || !round.whole());
    History history = before == null || lost ? new History(position) : before.history();
    LiveEvent stats = LiveEvent.stats(position, picture.json(), picture.text());
    shown = new Shown(picture, stats, history);
    if (lost) {
      audience.all(LiveEvent.reset(position, "LOST"));
    } else {
      for (StageChange change : round.changes()) {
        LiveEvent event = event(change);
        history.add(event);
        audience.all(event);
      }
    }
    if (lost || before == null || !before.picture().shown().equals(picture.shown())) {
      audience.changed(stats);
    }
    welcomeArrivals();
    awaitNews();
  }

  private static LiveEvent event(StageChange change) {
    return LiveEvent.stage(change.id(), change.json(), change.text());
  }

  private void awaitNews() {
    Shown now = shown;
    if (now == null || awaiting || reading || scheduled) {
      return;
    }
    if (!isNeeded()) {
      rest();
      return;
    }
    awaiting = true;
    feed.news(now.picture(), NEWS_WITHIN)
        .whenComplete(
            (news, failure) ->
                later.run(
                    Duration.ZERO,
                    () -> {
                      awaiting = false;
                      if (failure != null) {
                        failed(failure);
                      } else {
                        heard(news);
                      }
                    }));
  }

  private void heard(boolean news) {
    long since = nanoTime.getAsLong() - readAt;
    if (news) {
      readLater(Duration.ofNanos(Math.max(0, audience.every().toNanos() - since)));
    } else if (since >= LOOK_ANYWAY.toNanos()) {
      readLater(Duration.ZERO);
    } else {
      awaitNews();
    }
  }

  private void welcomeArrivals() {
    Shown now = shown;
    if (now == null) {
      return;
    }
    boolean again = false;
    for (Map.Entry<Watcher, Arrival> entry : List.copyOf(arrivals.entrySet())) {
      Arrival arrival = entry.getValue();
      EntryId after = arrival.after.orElse(now.position());
      if (after.isAfter(now.position()) && !arrival.looked) {
        arrival.looked = true; // another gateway may be ahead of this one
        again = true;
      } else if (after.isAfter(now.position())) {
        welcome(entry.getKey(), List.of(LiveEvent.reset(now.position(), "LOST")), now);
      } else if (now.history().reaches(after)) {
        welcome(entry.getKey(), now.history().after(after), now);
      } else if (now.history().oldest()) {
        welcome(entry.getKey(), List.of(LiveEvent.reset(now.position(), "TOO_OLD")), now);
      }
    }
    if (again) {
      read(true);
    }
    arrivals.values().stream()
        .flatMap(arrival -> arrival.after.stream())
        .filter(after -> !now.history().reaches(after))
        .min(Comparator.naturalOrder())
        .ifPresent(after -> load(now.history(), after));
  }

  private void welcome(Watcher watcher, Iterable<LiveEvent> missed, Shown now) {
    arrivals.remove(watcher);
    List<LiveEvent> all = new ArrayList<>();
    missed.forEach(all::add);
    if (all.size() > MISSED_AT_MOST) {
      all = List.of(LiveEvent.reset(now.position(), "TOO_OLD"));
    }
    audience.welcome(watcher, all, now.stats());
  }

  /** Goes back so far, if nobody else does at this moment. */
  private void load(History history, EntryId after) {
    if (loading) {
      return;
    }
    loading = true;
    older(after, history.from(), List.of())
        .whenComplete(
            (pages, failure) ->
                later.run(
                    Duration.ZERO,
                    () -> {
                      loading = false;
                      if (failure == null) {
                        extend(history, after, pages);
                        welcomeArrivals();
                      } else {
                        failed(failure);
                      }
                    }));
  }

  private CompletionStage<List<Page>> older(EntryId after, EntryId to, List<Page> so) {
    return feed.stages(after, to)
        .thenCompose(
            page -> {
              List<Page> pages = new ArrayList<>(so);
              pages.add(page);
              return page.last()
                  .filter(to::isAfter)
                  .map(last -> older(last, to, pages))
                  .orElseGet(() -> CompletableFuture.completedStage(pages));
            });
  }

  private static void extend(History history, EntryId after, List<Page> pages) {
    boolean whole = pages.stream().allMatch(Page::whole);
    EntryId from = whole ? after : pages.get(0).first().orElse(history.from());
    history.extend(from, !whole);
    pages.forEach(page -> page.changes().forEach(change -> history.add(event(change))));
  }
}
