package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.NoticeBoard.Fact;
import io.fullhouse.scaler.SeatedAudience.Presence;
import io.fullhouse.scaler.StageListing.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares who is on each stage with who is connected at IVS; reports the difference and, if so
 * configured, ends presences that IVS does not have and disconnects viewers whom only IVS has. For
 * one thread, but for {@link #last}.
 *
 * <p>One call to IVS a step, and a pause of two calls' time: it takes half of the call budget at
 * most. A stage whose listing is not whole is left alone. A scaler that takes over begins anew.
 */
final class Reconciliation {
  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);
  private static final Duration STANDBY = Duration.ofSeconds(1);

  /** The brake: a wrong answer of IVS must not empty a house. */
  private static final int AT_ONCE_AT_LEAST = 5;

  private static final int SHARE_AT_ONCE = 5; // a fifth

  /** Who acts anew may have lost data: until then every viewer who is there has said so. */
  private static final Duration AUDIENCE_RETURNS = Duration.ofMinutes(2);

  private final StageAudience ivs;
  private final SeatedAudience ours;
  private final StageRegistry registry;
  private final UnwantedOnStage unwanted;
  private final NoticeBoard notices;
  private final Supplier<Optional<String>> lease;
  private final Settings settings;
  private final ScalerMetrics metrics;
  private final InstantSource time;
  private final Deque<StageArn> toDo = new ArrayDeque<>();
  private final LostPublisherEvents publisherEvents;
  private final Map<StageArn, Map<String, Presence>> missingBefore = new HashMap<>();
  private final Map<StageArn, Set<String>> unknownBefore = new HashMap<>();
  private @Nullable StageListing current;
  private @Nullable Strangers strangers;
  private String token = "";
  private Instant due = Instant.MIN;
  private Instant acts = Instant.MAX;
  private Totals totals = new Totals();
  private volatile @Nullable Drift last;

  /**
   * What is configured.
   *
   * @param correct whether to end what IVS does not have
   * @param disconnect whether to disconnect whom only IVS has
   * @param pause between two calls
   */
  record Settings(boolean correct, boolean disconnect, Duration interval, Duration pause) {}

  private static final class Totals {
    private int stages;
    private int skipped;
    private long oursOnly;
    private long ivsOnly;
    private long ended;
    private long disconnected;
  }

  Reconciliation(
      StageAudience ivs,
      SeatedAudience ours,
      StageRegistry registry,
      UnwantedOnStage unwanted,
      NoticeBoard notices,
      Supplier<Optional<String>> lease,
      Settings settings,
      ScalerMetrics metrics,
      InstantSource time) {
    this.ivs = ivs;
    this.ours = ours;
    this.registry = registry;
    this.publisherEvents = new LostPublisherEvents(ours, registry);
    this.unwanted = unwanted;
    this.notices = notices;
    this.lease = lease;
    this.settings = settings;
    this.metrics = metrics;
    this.time = time;
  }

  /** Of the last whole comparison of this scaler while it acts. Thread-safe. */
  Optional<Drift> last() {
    return Optional.ofNullable(last);
  }

  /**
   * At most one call to IVS.
   *
   * @return when to go on
   */
  Duration step() {
    String held = lease.get().orElse("");
    if (!held.equals(token)) {
      token = held;
      forget();
    }
    if (held.isEmpty()) {
      return STANDBY;
    }
    try {
      return act(time.instant());
    } catch (LeaseLostException e) {
      forget();
      return STANDBY;
    }
  }

  private void forget() {
    toDo.clear();
    missingBefore.clear();
    unknownBefore.clear();
    current = null;
    strangers = null;
    last = null;
    acts = time.instant();
    due = acts;
    totals = new Totals();
  }

  private Duration act(Instant now) {
    Strangers leaving = strangers;
    if (leaving != null) {
      disconnect(leaving);
      return settings.pause();
    }
    StageListing listing = current;
    if (listing == null) {
      if (toDo.isEmpty()) {
        if (now.isBefore(due)) {
          return STANDBY;
        }
        due = now.plus(settings.interval());
        totals = new Totals();
        toDo.addAll(registry.observe().fleet().keySet());
      }
      if (toDo.isEmpty()) {
        return STANDBY;
      }
      listing = new StageListing(toDo.remove(), ivs, ours, publishers(), now);
      current = listing;
    }
    Progress progress = listing.step();
    if (progress != Progress.UNDER_WAY) {
      current = null;
      finish(listing, progress);
      tellAtTheEnd();
    }
    return settings.pause();
  }

  private void disconnect(Strangers leaving) {
    leaving.step();
    if (!leaving.remain()) {
      strangers = null;
      totals.disconnected += leaving.disconnected();
      tellAtTheEnd();
    }
  }

  private Set<String> publishers() {
    Set<String> participants = new HashSet<>();
    registry.observe().publishers().forEach(each -> participants.add(each.participant().value()));
    return participants;
  }

  private void finish(StageListing listing, Progress progress) {
    StageArn stage = listing.stage();
    if (progress == Progress.FAILED) {
      totals.skipped++;
      missingBefore.remove(stage);
      unknownBefore.remove(stage);
      log.warn("stage {} is not reconciled this time: {}", stage, listing.trouble());
      return;
    }
    totals.stages++;
    totals.oursOnly += listing.missing().size();
    totals.ivsOnly += listing.unknown().size();
    publisherEvents.makeUpFor(listing);
    unwanted.compare(listing);
    if (settings.correct()) {
      totals.ended += ours.end(stage, condemned(listing));
    }
    if (settings.disconnect()) {
      Set<String> unwelcome = unwelcome(listing);
      strangers =
          unwelcome.isEmpty()
              ? null
              : new Strangers(stage, unwelcome, ivs, ours, registry, unwanted);
    }
    missingBefore.put(stage, Map.copyOf(listing.missing()));
    unknownBefore.put(stage, listing.unknown());
  }

  /** Few at once; more only if they were missing the last time, too. */
  private Map<String, Presence> condemned(StageListing listing) {
    Map<String, Presence> missing = listing.missing();
    if (areFew(missing.size(), listing.size())) {
      return missing;
    }
    Map<String, Presence> before = missingBefore.getOrDefault(listing.stage(), Map.of());
    Map<String, Presence> twice = new HashMap<>(missing);
    twice.entrySet().removeIf(each -> !each.getValue().equals(before.get(each.getKey())));
    log.error(
        "ALARM IVS lacks {} of {} viewers of stage {}: ended are {}, which it lacked before",
        missing.size(),
        listing.size(),
        listing.stage(),
        twice.size());
    return twice;
  }

  /** Few at once; more only if they were unknown the last time, too. */
  private Set<String> unwelcome(StageListing listing) {
    Set<String> unknown = listing.unknown();
    if (unknown.isEmpty() || listing.begun().isBefore(acts.plus(AUDIENCE_RETURNS))) {
      return Set.of();
    }
    if (listing.isDoubtful()) {
      log.warn(
          "stage {} keeps {} viewers whom only IVS has: some of ours cannot be told from them",
          listing.stage(),
          unknown.size());
      return Set.of();
    }
    int connected = listing.connected().size();
    if (areFew(unknown.size(), connected)) {
      return unknown;
    }
    Set<String> twice = new HashSet<>(unknown);
    twice.retainAll(unknownBefore.getOrDefault(listing.stage(), Set.of()));
    log.error(
        "ALARM we lack {} of {} who are connected to stage {}: disconnected are {}, whom we lacked"
            + " before",
        unknown.size(),
        connected,
        listing.stage(),
        twice.size());
    return twice;
  }

  private static boolean areFew(int some, int all) {
    return some <= Math.max(AT_ONCE_AT_LEAST, all / SHARE_AT_ONCE);
  }

  /** Of all stages, and once. */
  private void tellAtTheEnd() {
    if (!toDo.isEmpty() || strangers != null) {
      return;
    }
    Drift drift =
        new Drift(
            time.instant(),
            totals.stages,
            totals.skipped,
            totals.oursOnly,
            totals.ivsOnly,
            totals.ended,
            totals.disconnected);
    last = drift;
    metrics.drift(drift);
    log.info("reconciled with IVS: {}", drift.toJson());
    Notice notice =
        drift.found()
            ? new Notice.DriftFound(
                drift.stages(), drift.oursOnly(), drift.ivsOnly(), drift.ended())
            : new Notice.DriftEnded(drift.stages());
    String value = drift.found() ? drift.oursOnly() + "|" + drift.ivsOnly() : "";
    notices.tell(List.of(new Fact("drift", value, notice)));
  }
}
