package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.scaler.NoticeBoard.Fact;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.SeatedAudience.Presence;
import io.fullhouse.scaler.StageAudience.Connected;
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
 * configured, ends presences that IVS does not have. For one thread.
 *
 * <p>One call to IVS a step, and a pause of two calls' time: it takes half of the call budget at
 * most. A stage whose listing is not whole is left alone. A scaler that takes over begins anew.
 */
final class Reconciliation {
  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STANDBY = Duration.ofSeconds(1);

  /** The brake: a wrong answer of IVS must not empty a house. */
  private static final int AT_ONCE_AT_LEAST = 5;

  private static final int SHARE_AT_ONCE = 5; // a fifth

  private final StageAudience ivs;
  private final SeatedAudience ours;
  private final StageRegistry registry;
  private final NoticeBoard notices;
  private final Supplier<Optional<String>> lease;
  private final Settings settings;
  private final ScalerMetrics metrics;
  private final InstantSource time;
  private final Deque<StageArn> toDo = new ArrayDeque<>();
  private final Map<StageArn, Map<String, Presence>> missingBefore = new HashMap<>();
  private @Nullable StageListing current;
  private String token = "";
  private Instant due = Instant.MIN;
  private Totals totals = new Totals();

  /**
   * What is configured.
   *
   * @param correct whether to end what IVS does not have
   * @param pause between two calls
   */
  record Settings(boolean correct, Duration interval, Duration pause) {}

  private static final class Totals {
    private int stages;
    private int skipped;
    private long oursOnly;
    private long ivsOnly;
    private long ended;
  }

  Reconciliation(
      StageAudience ivs,
      SeatedAudience ours,
      StageRegistry registry,
      NoticeBoard notices,
      Supplier<Optional<String>> lease,
      Settings settings,
      ScalerMetrics metrics,
      InstantSource time) {
    this.ivs = ivs;
    this.ours = ours;
    this.registry = registry;
    this.notices = notices;
    this.lease = lease;
    this.settings = settings;
    this.metrics = metrics;
    this.time = time;
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
    current = null;
    due = time.instant();
    totals = new Totals();
  }

  private Duration act(Instant now) {
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
      if (toDo.isEmpty()) {
        tell();
      }
    }
    return settings.pause();
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
      log.warn("stage {} is not reconciled this time: {}", stage, listing.trouble());
      return;
    }
    totals.stages++;
    totals.oursOnly += listing.missing().size();
    totals.ivsOnly += listing.unknown();
    publish(listing);
    if (settings.correct()) {
      totals.ended += ours.end(stage, condemned(listing));
    }
    missingBefore.put(stage, Map.copyOf(listing.missing()));
  }

  /** Few at once; more only if they were missing the last time, too. */
  private Map<String, Presence> condemned(StageListing listing) {
    Map<String, Presence> missing = listing.missing();
    if (missing.size() <= Math.max(AT_ONCE_AT_LEAST, listing.size() / SHARE_AT_ONCE)) {
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

  /** What IVS's events would have said of publishers, had they come. */
  private void publish(StageListing listing) {
    List<Publishing> known =
        registry.observe().publishers().stream()
            .filter(each -> each.source().equals(listing.stage()) && each.seen())
            .toList();
    Set<String> seen = new HashSet<>();
    for (Publishing each : known) {
      seen.add(each.participant().value());
      if (!listing.connected().containsKey(each.participant().value())) {
        ours.report(
            new PublisherOffline(
                each.participant().value(), PublisherEvidence.IVS, listing.begun().toEpochMilli()));
        log.warn("publisher {} is not connected: offline", each.participant());
      }
    }
    for (Connected each : listing.connected().values()) {
      if (each.published()
          && !each.replica()
          && !seen.contains(each.participant())
          && ParticipantId.isValid(each.participant())) {
        // IVS tells that it published once: what it told of it since then stands.
        ours.report(
            new PublisherLive(
                listing.stage(),
                new UserId(each.user().isEmpty() ? each.participant() : each.user()),
                new ParticipantId(each.participant()),
                PublisherEvidence.IVS,
                each.since().toEpochMilli()));
      }
    }
  }

  private void tell() {
    metrics.drift(totals.oursOnly, totals.ivsOnly, totals.ended, totals.skipped);
    ObjectNode data = JSON.createObjectNode();
    data.put("at", time.instant().toString());
    data.put("stages", totals.stages);
    data.put("skipped", totals.skipped);
    data.put("oursOnly", totals.oursOnly);
    data.put("ivsOnly", totals.ivsOnly);
    data.put("ended", totals.ended);
    log.info("reconciled with IVS: {}", data);
    boolean drift = totals.oursOnly + totals.ivsOnly > 0;
    Notice notice =
        drift
            ? new Notice.DriftFound(totals.stages, totals.oursOnly, totals.ivsOnly, totals.ended)
            : new Notice.DriftEnded(totals.stages);
    String value = drift ? totals.oursOnly + "|" + totals.ivsOnly : "";
    notices.tell(List.of(new Fact("drift", value, notice)));
  }
}
