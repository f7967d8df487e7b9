package io.fullhouse.scaler;

import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.NoticeBus.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the notices to the bus, in their order, ten at a time. For one thread.
 *
 * <p>A notice is sent at least once; sent again, it has the same {@code eventId}. Of ten, those
 * that the bus did not take are sent again alone, later and later; one that it will never take is
 * given up, with an alarm. While the bus is away, notices wait in the stream, which keeps about
 * 10,000.
 */
final class NoticeForwarder {
  private static final Logger log = LoggerFactory.getLogger(NoticeForwarder.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** So many are counted as pending at most; the others wait in the stream. */
  private static final int READ_AHEAD = 1_000;

  private final NoticeStream stream;
  private final NoticeBus bus;
  private final Supplier<Optional<String>> lease;
  private final BroadcastId broadcast;
  private final ScalerMetrics metrics;
  private final Deque<NoticeStream.Entry> waiting = new ArrayDeque<>();

  /** What is being sent: at most as much as the bus takes at once. */
  private final List<NoticeStream.Entry> batch = new ArrayList<>();

  /** The same, with what is done meanwhile. */
  private final List<EntryId> taken = new ArrayList<>();

  private String token = "";
  private EntryId read = EntryId.ZERO;
  private EntryId reached = EntryId.ZERO;
  private EntryId noted = EntryId.ZERO;
  private Duration pause = PAUSE;
  private String trouble = "";

  NoticeForwarder(
      NoticeStream stream,
      NoticeBus bus,
      Supplier<Optional<String>> lease,
      BroadcastId broadcast,
      ScalerMetrics metrics) {
    this.stream = stream;
    this.bus = bus;
    this.lease = lease;
    this.broadcast = broadcast;
    this.metrics = metrics;
  }

  /**
   * Sends what there is, at most one call.
   *
   * @return when to do so again
   */
  Duration step() {
    try {
      return lease.get().map(this::act).orElseGet(this::standBy);
    } catch (LeaseLostException e) {
      return standBy();
    }
  }

  private Duration standBy() {
    forget();
    return PAUSE;
  }

  private Duration act(String held) {
    if (!held.equals(token)) {
      forget(); // another scaler, or lost data, may have moved the position
      noted = stream.sent();
      reached = noted;
      read = noted;
      token = held;
    }
    note(); // if Redis was away when it should have been
    readOn();
    if (batch.isEmpty()) {
      return PAUSE;
    }
    Optional<String> failed = send();
    metrics.noticesPending(waiting.size() + batch.size());
    moveOn();
    return failed.map(this::backOff).orElseGet(this::worked);
  }

  private void forget() {
    token = "";
    waiting.clear();
    batch.clear();
    taken.clear();
    metrics.noticesPending(0); // those that wait are another scaler's
  }

  private void readOn() {
    int room = READ_AHEAD - waiting.size();
    if (room > 0) {
      for (NoticeStream.Entry entry : stream.after(read, room)) {
        waiting.add(entry);
        read = entry.id();
      }
    }
    if (batch.isEmpty()) {
      take();
    }
    metrics.noticesPending(waiting.size() + batch.size());
  }

  private void take() {
    taken.clear();
    while (batch.size() < NoticeBus.AT_ONCE && !waiting.isEmpty()) {
      batch.add(waiting.remove());
      taken.add(batch.get(batch.size() - 1).id());
    }
  }

  /** Why something is left; empty when nothing of the batch is. */
  private Optional<String> send() {
    List<NoticeBus.Event> events = new ArrayList<>();
    batch.removeIf(entry -> !add(entry, events));
    if (events.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> failed = Optional.empty();
    List<NoticeStream.Entry> left = new ArrayList<>();
    List<Outcome> outcomes = bus.put(events);
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome instanceof Outcome.Later later) {
        left.add(batch.get(i));
        failed = Optional.of(later.reason());
      } else if (outcome instanceof Outcome.Never never) {
        giveUp(batch.get(i), never.reason());
      } else {
        metrics.noticesSent.inc();
      }
    }
    batch.clear();
    batch.addAll(left);
    return failed;
  }

  private boolean add(NoticeStream.Entry entry, List<NoticeBus.Event> events) {
    Optional<NoticeBus.Event> event = NoticeEnvelope.of(broadcast, entry);
    event.ifPresentOrElse(events::add, () -> giveUp(entry, "it is damaged"));
    return event.isPresent();
  }

  private void giveUp(NoticeStream.Entry entry, String reason) {
    metrics.noticesFailed.inc();
    log.error("ALARM notice {} is not sent: {}: {}", entry.id(), reason, entry.fields());
  }

  /** What is done behind one that is not is sent again after a crash, and only then. */
  private void moveOn() {
    for (EntryId id : taken) {
      if (!batch.isEmpty() && batch.get(0).id().equals(id)) {
        break;
      }
      reached = id;
    }
    note();
  }

  private void note() {
    if (reached.isAfter(noted)) {
      stream.done(reached);
      noted = reached;
    }
  }

  private Duration backOff(String reason) {
    if (trouble.isEmpty()) {
      log.warn("the bus does not take notices, trying on: {}", reason);
    }
    trouble = reason;
    Duration now = pause;
    pause = pause.multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    return now;
  }

  private Duration worked() {
    if (!trouble.isEmpty()) {
      log.info("the bus takes notices again");
      trouble = "";
    }
    pause = PAUSE;
    return Duration.ZERO;
  }
}
