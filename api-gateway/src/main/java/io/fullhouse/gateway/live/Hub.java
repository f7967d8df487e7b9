package io.fullhouse.gateway.live;

import io.fullhouse.gateway.live.Watcher.End;
import io.fullhouse.gateway.live.Watcher.Health;
import io.fullhouse.model.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows all watchers of this gateway the same, from one reader. Thread-safe.
 *
 * <p>Everything happens on one thread, which never waits: so each watcher is sent what happened to
 * stages in order, each once, and never numbers that tell of something it was not sent before.
 */
public final class Hub implements Newsreader.Audience, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);

  /** Watchers that share the thread's and the network's time with the viewers' requests. */
  private static final int WATCHERS_A_SECOND = 2_000;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  private final int most;
  private final LiveMetrics metrics;
  private final LongSupplier nanoTime;
  private final Newsreader reader;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean stopping;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Hub::daemon, new ThreadPoolExecutor.DiscardPolicy()); // after the end nobody is told

  // Of the thread.
  private final Map<Watcher, Place> places = new LinkedHashMap<>();
  private @Nullable LiveEvent current;
  private boolean telling;

  /** What somebody has been told of the numbers, and when. */
  private static final class Place {
    private @Nullable LiveEvent told;
    private long toldAt;
  }

  /**
   * @param most watchers at once
   * @param nanoTime monotonic, as {@link System#nanoTime}
   */
  public Hub(Feed feed, int most, LiveMetrics metrics, LongSupplier nanoTime) {
    this.most = most;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.reader = new Newsreader(feed, this, this::later, nanoTime);
    var unused =
        thread.scheduleWithFixedDelay(
            guarded(this::look),
            LOOK_EVERY.toMillis(),
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "live");
    thread.setDaemon(true);
    return thread;
  }

  /** Else the executor would keep a mistake to itself. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("showing the numbers failed", e);
      }
    };
  }

  private void later(Duration pause, Runnable task) {
    var unused = thread.schedule(guarded(task), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes a place, to be given to {@link #watch} or back. False: there is none, or we stop. */
  public boolean enter() {
    if (stopping || taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      return false;
    }
    metrics.watching(taken.get());
    return true;
  }

  /** Gives a place back. */
  public void leave() {
    metrics.watching(taken.decrementAndGet());
  }

  /**
   * Shows it everything from now on.
   *
   * @param after the last notice it knows of; empty: it knows nothing
   */
  void watch(Watcher watcher, Optional<EntryId> after) {
    later(
        Duration.ZERO,
        () -> {
          if (stopping) {
            watcher.end(End.STOPPING);
            leave();
          } else {
            reader.arrive(watcher, after);
          }
        });
  }

  /** Its client went away. */
  void gone(Watcher watcher) {
    later(Duration.ZERO, () -> remove(watcher));
  }

  private boolean remove(Watcher watcher) {
    boolean was = places.remove(watcher) != null || reader.forget(watcher);
    if (was) {
      reader.restIfAlone(); // before the place is free: what comes after begins anew
      leave();
    }
    return was;
  }

  @Override
  public boolean isEmpty() {
    return places.isEmpty();
  }

  @Override
  public void all(LiveEvent event) {
    List<Watcher> slow = new ArrayList<>();
    for (Watcher watcher : places.keySet()) {
      if (!watcher.offer(event)) {
        slow.add(watcher);
      }
    }
    drop(slow, End.SLOW);
  }

  @Override
  public void changed(LiveEvent stats) {
    current = stats;
    tell();
  }

  /** No oftener than four times a second, and more rarely where there are many. */
  @Override
  public Duration every() {
    return Duration.ofMillis(Math.max(250, 1_000L * places.size() / WATCHERS_A_SECOND));
  }

  private void tell() {
    LiveEvent stats = current;
    if (stats == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    long every = every().toNanos();
    long next = Long.MAX_VALUE;
    List<Watcher> slow = new ArrayList<>();
    for (Map.Entry<Watcher, Place> entry : places.entrySet()) {
      Place place = entry.getValue();
      long early = place.toldAt + every - now;
      if (place.told == stats) {
        continue;
      }
      if (early > 0) {
        next = Math.min(next, early);
      } else {
        place.told = stats;
        place.toldAt = now;
        if (!entry.getKey().offer(stats)) {
          slow.add(entry.getKey());
        }
      }
    }
    drop(slow, End.SLOW);
    if (next < Long.MAX_VALUE && !telling) {
      telling = true;
      later(
          Duration.ofNanos(next),
          () -> {
            telling = false;
            tell();
          });
    }
  }

  @Override
  public void welcome(Watcher watcher, Iterable<LiveEvent> missed, LiveEvent stats) {
    Place place = new Place();
    place.told = current;
    place.toldAt = nanoTime.getAsLong();
    places.put(watcher, place);
    boolean kept = true;
    for (LiveEvent event : missed) {
      kept = kept && watcher.offer(event);
    }
    if (!kept || !watcher.offer(stats)) {
      drop(List.of(watcher), End.SLOW);
    }
  }

  private void look() {
    long now = nanoTime.getAsLong();
    Optional<LiveEvent> stats = reader.look();
    Map<Health, List<Watcher>> found = new EnumMap<>(Health.class);
    for (Watcher watcher : places.keySet()) {
      found.computeIfAbsent(watcher.look(now, stats), health -> new ArrayList<>()).add(watcher);
    }
    for (Watcher watcher : reader.arrivals()) {
      found
          .computeIfAbsent(watcher.look(now, Optional.empty()), health -> new ArrayList<>())
          .add(watcher);
    }
    drop(found.getOrDefault(Health.STUCK, List.of()), End.SLOW);
    drop(found.getOrDefault(Health.GONE, List.of()), End.GONE);
  }

  private void drop(List<Watcher> those, End why) {
    int dropped = 0;
    for (Watcher watcher : those) {
      if (remove(watcher)) {
        dropped++;
        watcher.end(why);
      }
    }
    if (dropped > 0) {
      metrics.dropped(why, dropped);
      log.info("{} of {} watchers let go: {}", dropped, dropped + taken.get(), why.wireName());
    }
  }

  /** Sends all watchers away, to other gateways, and takes no more. At once. */
  public void sendAway() {
    stopping = true;
    CompletableFuture<Void> away = new CompletableFuture<>();
    later(
        Duration.ZERO,
        () -> {
          List<Watcher> all = new ArrayList<>(places.keySet());
          all.addAll(reader.arrivals());
          for (Watcher watcher : all) {
            remove(watcher);
            watcher.end(End.STOPPING);
          }
          away.complete(null);
        });
    try {
      away.get(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("not all watchers could be sent away");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
