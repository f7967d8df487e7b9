package io.fullhouse.scaler;

import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.PublisherEvidence;
import io.fullhouse.model.UserId;
import io.fullhouse.model.ViewerEvent.PublisherLive;
import io.fullhouse.model.ViewerEvent.PublisherOffline;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.StageAudience.Connected;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts into the log what IVS's events would have said of publishers, had they come. Thread-safe;
 * throws what {@link SeatedAudience} throws.
 */
final class LostPublisherEvents {
  private static final Logger log = LoggerFactory.getLogger(LostPublisherEvents.class);

  private final SeatedAudience ours;
  private final StageRegistry registry;

  LostPublisherEvents(SeatedAudience ours, StageRegistry registry) {
    this.ours = ours;
    this.registry = registry;
  }

  /**
   * Compares the publishers of one stage.
   *
   * @param listing of all pages
   */
  void makeUpFor(StageListing listing) {
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
}
