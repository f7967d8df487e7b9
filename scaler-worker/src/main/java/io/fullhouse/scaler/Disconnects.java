package io.fullhouse.scaler;

import io.fullhouse.scaler.DisconnectQueue.Due;
import io.fullhouse.scaler.DisconnectQueue.Outcome;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import io.fullhouse.scaler.IvsAnswer.Unclear;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects those who are not wanted any more: one seat, one playable token. For one thread.
 *
 * <p>Banned and kicked users go at once, as fast as the call budget lets them; who was superseded
 * takes a quarter of it at most. While IVS throttles or is away everybody waits, longer each time;
 * whom it refuses to let go is given up after a few tries.
 */
final class Disconnects {
  private static final Logger log = LoggerFactory.getLogger(Disconnects.class);
  private static final Duration STANDBY = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int TRIES = 5;

  /** IVS takes 128 characters. */
  private static final String BANNED = "removed by a moderator";

  private static final String SUPERSEDED = "its seat is over: join again for a new token";

  private final DisconnectQueue queue;
  private final StageAudience ivs;
  private final Supplier<Optional<String>> lease;
  private final Duration pause;
  private final ScalerMetrics metrics;
  private final InstantSource time;
  private final Map<String, Refusals> refused = new HashMap<>();
  private String token = "";
  private int unclear;

  /** How often IVS refused one, and when it is asked again. */
  private record Refusals(int times, Instant again) {}

  /**
   * @param pause after each one who was superseded
   */
  Disconnects(
      DisconnectQueue queue,
      StageAudience ivs,
      Supplier<Optional<String>> lease,
      Duration pause,
      ScalerMetrics metrics,
      InstantSource time) {
    this.queue = queue;
    this.ivs = ivs;
    this.lease = lease;
    this.pause = pause;
    this.metrics = metrics;
    this.time = time;
  }

  /**
   * One participant at most.
   *
   * @return when to go on
   */
  Duration step() {
    String held = lease.get().orElse("");
    if (!held.equals(token)) {
      token = held;
      refused.clear();
      unclear = 0;
    }
    if (held.isEmpty()) {
      return STANDBY;
    }
    try {
      return act();
    } catch (LeaseLostException e) {
      return STANDBY;
    }
  }

  private Duration act() {
    Due due = queue.due();
    metrics.waiting(queue.waiting());
    Optional<Unwanted> first = first(due.banned());
    if (first.isPresent()) {
      return answered(first.get(), handle(first.get(), BANNED), Duration.ZERO);
    }
    return first(due.superseded())
        .map(next -> answered(next, handle(next, SUPERSEDED), pause))
        .orElse(IDLE);
  }

  private Optional<Unwanted> first(List<Unwanted> waiting) {
    Instant now = time.instant();
    return waiting.stream()
        .filter(
            each ->
                Optional.ofNullable(refused.get(each.member()))
                    .map(refusals -> !now.isBefore(refusals.again()))
                    .orElse(true))
        .findFirst();
  }

  private IvsAnswer<?> handle(Unwanted unwanted, String reason) {
    return unwanted.isSearch() ? search(unwanted) : disconnect(unwanted, reason);
  }

  private IvsAnswer<?> disconnect(Unwanted unwanted, String reason) {
    IvsAnswer<Boolean> answer = ivs.disconnect(unwanted.stage(), unwanted.participant(), reason);
    if (answer instanceof Done<Boolean> || answer.is(Kind.NOT_FOUND)) {
      queue.write(Outcome.CUT, List.of(unwanted.member()));
      metrics.disconnected.inc();
      log.info("disconnected {} from stage {}", unwanted.participant(), unwanted.stage());
    }
    return answer;
  }

  /** A refreshed token, or a place that was offered, is another participant of the same user. */
  private IvsAnswer<?> search(Unwanted unwanted) {
    IvsAnswer<String> session = ivs.session(unwanted.stage());
    if (!(session instanceof Done<String> done)) {
      return forgotten(unwanted, session);
    }
    if (!done.value().isEmpty()) {
      IvsAnswer<List<String>> found =
          ivs.connectedAs(unwanted.stage(), done.value(), unwanted.ivsUser());
      if (!(found instanceof Done<List<String>> all)) {
        return forgotten(unwanted, found);
      }
      queue.write(
          Outcome.FOUND,
          all.value().stream()
              .map(participant -> Unwanted.member(unwanted.stage(), participant, unwanted.user()))
              .toList());
    }
    queue.write(Outcome.SEARCHED, List.of(unwanted.member()));
    return session;
  }

  /** With its stage or session everybody is gone. */
  private IvsAnswer<?> forgotten(Unwanted unwanted, IvsAnswer<?> answer) {
    if (answer.is(Kind.NOT_FOUND)) {
      queue.write(Outcome.DROP, List.of(unwanted.member()));
    }
    return answer;
  }

  private Duration answered(Unwanted unwanted, IvsAnswer<?> answer, Duration next) {
    if (answer instanceof Unclear<?>) {
      unclear++;
      log.warn("nobody is disconnected for a while: {}", answer.reason());
      return wait(unclear);
    }
    unclear = 0;
    if (answer instanceof Done<?> || answer.is(Kind.NOT_FOUND)) {
      refused.remove(unwanted.member());
      return next;
    }
    int times =
        Optional.ofNullable(refused.get(unwanted.member())).map(Refusals::times).orElse(0) + 1;
    if (times < TRIES) {
      refused.put(unwanted.member(), new Refusals(times, time.instant().plus(wait(times))));
      return next;
    }
    refused.remove(unwanted.member());
    queue.write(Outcome.DROP, List.of(unwanted.member()));
    metrics.disconnectsFailed.inc();
    log.error(
        "ALARM {} stays connected to stage {}: IVS refused {} times: {}",
        unwanted.participant(),
        unwanted.stage(),
        times,
        answer.reason());
    return next;
  }

  /** 1, 2, 4 s and so on. */
  private static Duration wait(int times) {
    Duration longer = Duration.ofSeconds(1L << Math.min(times - 1, 10));
    return longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
  }
}
