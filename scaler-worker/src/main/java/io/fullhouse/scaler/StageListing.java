package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import io.fullhouse.scaler.SeatedAudience.Presence;
import io.fullhouse.scaler.StageAudience.Connected;
import io.fullhouse.scaler.StageAudience.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares one stage with IVS, a call at a time. For one thread.
 *
 * <p>Who joins or leaves meanwhile is no difference: only those count who were present before and
 * after the listing, unchanged, and only after two minutes. Where IVS has participants that we do
 * not know, it is asked for the users of those that it seems to lack: a refreshed token is another
 * participant of the same user.
 */
final class StageListing {
  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final int TRIES = 5;

  private final StageArn stage;
  private final StageAudience ivs;
  private final SeatedAudience ours;
  private final Set<String> publishers;
  private final Instant begun;
  private final Map<String, Presence> before;
  private final Map<String, Connected> connected = new HashMap<>();
  private final Map<String, Presence> missing = new HashMap<>();
  private final Map<String, Connected> unknown = new HashMap<>();
  private final Deque<String> toIdentify = new ArrayDeque<>();
  private Optional<String> session = Optional.empty();
  private Optional<String> next = Optional.empty();
  private int failures;
  private boolean listed;
  private boolean doubtful;

  /** How far it is. */
  enum Progress {
    UNDER_WAY,
    /** All pages came. */
    COMPLETE,
    /** It cannot be told who is there; nothing may be done. */
    FAILED
  }

  private String trouble = "";

  /**
   * @param publishers participants that publish, as far as we know
   */
  StageListing(
      StageArn stage,
      StageAudience ivs,
      SeatedAudience ours,
      Set<String> publishers,
      Instant begun) {
    this.stage = stage;
    this.ivs = ivs;
    this.ours = ours;
    this.publishers = publishers;
    this.begun = begun;
    this.before = ours.read(stage);
  }

  /** One call to IVS. */
  Progress step() {
    if (session.isEmpty()) {
      IvsAnswer<String> answer = ivs.session(stage);
      if (answer instanceof Done<String> done) {
        session = Optional.of(done.value());
        // IVS does not say what becomes of viewers when a session ends: nothing follows from it.
        return done.value().isEmpty() ? Progress.COMPLETE : Progress.UNDER_WAY;
      }
      return failed(answer);
    }
    return listed ? identify() : page();
  }

  private Progress page() {
    IvsAnswer<Page> answer = ivs.connected(stage, session.orElseThrow(), next);
    if (!(answer instanceof Done<Page> done)) {
      return failed(answer);
    }
    failures = 0;
    done.value().participants().forEach(each -> connected.put(each.participant(), each));
    next = done.value().next();
    if (next.isPresent()) {
      return Progress.UNDER_WAY;
    }
    listed = true;
    compare();
    return toIdentify.isEmpty() ? Progress.COMPLETE : Progress.UNDER_WAY;
  }

  private void compare() {
    Map<String, Presence> after = ours.read(stage);
    Instant settled = begun.minus(SETTLED);
    Set<String> known = new HashSet<>(publishers);
    before.values().forEach(presence -> known.add(presence.participant()));
    after.values().forEach(presence -> known.add(presence.participant()));
    before.forEach(
        (user, presence) -> {
          if (presence.equals(after.get(user))
              && presence.joinedAtMillis() < settled.toEpochMilli()
              && !connected.containsKey(presence.participant())) {
            missing.put(user, presence);
          }
        });
    connected.values().stream()
        .filter(Connected::isViewer)
        .filter(each -> !known.contains(each.participant()))
        .forEach(each -> unknown.put(each.participant(), each));
    if (!unknown.isEmpty()) {
      toIdentify.addAll(missing.keySet());
    }
  }

  private Progress identify() {
    String user = toIdentify.element();
    Presence presence = missing.get(user);
    if (presence == null || presence.participant().isEmpty()) {
      doubtful = true;
      missing.remove(user);
      toIdentify.remove();
      return toIdentify.isEmpty() ? Progress.COMPLETE : Progress.UNDER_WAY;
    }
    IvsAnswer<String> answer = ivs.userOf(stage, session.orElseThrow(), presence.participant());
    if (answer instanceof Done<String> done) {
      failures = 0;
      boolean there =
          unknown
              .values()
              .removeIf(each -> !each.user().isEmpty() && each.user().equals(done.value()));
      doubtful |= done.value().isEmpty();
      if (there || done.value().isEmpty()) {
        missing.remove(user); // the same under another token, or nobody can tell
      }
    } else if (answer.is(Kind.NOT_FOUND)) {
      doubtful = true;
      missing.remove(user); // was never in this session, and may be one of those we do not know
    } else {
      return failed(answer);
    }
    toIdentify.remove();
    return toIdentify.isEmpty() ? Progress.COMPLETE : Progress.UNDER_WAY;
  }

  /** A throttle passes; what fails for good, or again and again, ends it. */
  private Progress failed(IvsAnswer<?> answer) {
    trouble = answer.reason();
    failures++;
    boolean passing = answer instanceof IvsAnswer.Unclear<?>;
    return passing && failures < TRIES ? Progress.UNDER_WAY : Progress.FAILED;
  }

  StageArn stage() {
    return stage;
  }

  /** Before the first call. */
  Instant begun() {
    return begun;
  }

  /** Those we have and IVS does not, by user. */
  Map<String, Presence> missing() {
    return missing;
  }

  /** Participants that IVS has and we do not, connected since two minutes at least. */
  Set<String> unknown() {
    Instant settled = begun.minus(SETTLED);
    return unknown.values().stream()
        .filter(each -> each.since().isBefore(settled))
        .map(Connected::participant)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether one of the unknown may be a viewer of ours whom we know as another participant. */
  boolean isDoubtful() {
    return doubtful;
  }

  /** How many presences were looked at. */
  int size() {
    return before.size();
  }

  Map<String, Connected> connected() {
    return connected;
  }

  /** Why it failed. */
  String trouble() {
    return trouble;
  }
}
