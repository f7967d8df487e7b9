package io.fullhouse.gateway.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Limits one class of requests without ever waiting. Thread-safe.
 *
 * <p>This gateway refuses by itself what is over the limit here. What is asked faster than a quiet
 * pace it tells the bucket in Redis afterwards, in one call at a time for each subject, and refuses
 * while that bucket is empty: so the gateways know of each other within a round trip. All N
 * together let through {@code limit} a span of time, or N times the quiet pace where that is more;
 * in a burst within one round trip, each of them {@code limit}. While Redis is away each gateway
 * holds the limit alone.
 */
final class Pace {
  /** Subjects remembered; who is forgotten begins anew. About 150 bytes each. */
  private static final int MAX_SUBJECTS = 100_000;

  /** At the quiet pace, two may follow each other at once: a lost answer is asked for again. */
  private static final int QUIET_SIZE = 2;

  private final Rate rate;
  private final Duration quiet;
  private final Told told;
  private final LongSupplier nanoTime;
  private final Map<String, Subject> subjects;

  /** Takes note of what was let through, and answers how many are left for all gateways. */
  interface Told {
    CompletionStage<Long> took(String subject, int many);
  }

  /**
   * @param quiet who asks no oftener than this is not told of
   */
  Pace(Rate rate, Duration quiet, Told told, LongSupplier nanoTime) {
    this.rate = rate;
    this.quiet = quiet;
    this.told = told;
    this.nanoTime = nanoTime;
    this.subjects =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Subject> eldest) {
            return size() > MAX_SUBJECTS
                || (size() > 1 && eldest.getValue().isFull(nanoTime.getAsLong()));
          }
        };
  }

  Quota take(String name) {
    long now = nanoTime.getAsLong();
    Subject subject;
    synchronized (subjects) {
      subject = subjects.computeIfAbsent(name, unknown -> new Subject(now));
    }
    Quota quota = subject.take(now);
    if (quota.granted()) {
      tell(name, subject);
    }
    return quota;
  }

  private void tell(String name, Subject subject) {
    int many = subject.beginTelling();
    if (many > 0) {
      told.took(name, many)
          .whenComplete(
              (left, failure) -> {
                subject.endTelling(failure == null ? left : 0, failure == null, many);
                tell(name, subject); // what came meanwhile
              });
    }
  }

  private final class Subject {
    private final Drip here;
    private final Drip calm;
    private long emptyUntil;
    private int untold;
    private boolean hasty;
    private boolean telling;

    Subject(long now) {
      here = new Drip(rate.spacing(), rate.count(), now);
      calm = new Drip(quiet.toNanos(), QUIET_SIZE, now);
      emptyUntil = now;
    }

    synchronized boolean isFull(long now) {
      return here.remaining(now) == rate.count()
          && calm.remaining(now) == QUIET_SIZE
          && emptyUntil - now <= 0;
    }

    synchronized Quota take(long now) {
      long elsewhere = emptyUntil - now;
      boolean granted = elsewhere <= 0 && here.take(now);
      if (granted) {
        untold = Math.min(untold + 1, rate.count());
        hasty |= !calm.take(now);
      }
      long wait = Math.max(elsewhere, here.untilNext(now));
      return new Quota(
          granted, rate.count(), wait > 0 ? 0 : here.remaining(now), Duration.ofNanos(wait));
    }

    /** How many are to be told now. */
    synchronized int beginTelling() {
      if (telling || !hasty) {
        return 0;
      }
      int many = untold;
      untold = 0;
      hasty = false;
      telling = true;
      return many;
    }

    synchronized void endTelling(long left, boolean heard, int many) {
      telling = false;
      if (heard && left < 1) {
        emptyUntil = nanoTime.getAsLong() + (1 - left) * rate.spacing();
      } else if (!heard) {
        untold = Math.min(untold + many, rate.count());
      }
    }
  }
}
