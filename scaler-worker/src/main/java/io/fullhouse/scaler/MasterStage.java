package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.scaler.StageFleet.Lookup;
import io.fullhouse.scaler.StageRegistry.Doors;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the configured first stage open for viewers, and its metadata stored.
 *
 * <p>Level-triggered: what is missing is put back, whoever took it away. Thread-safe. The stage is
 * registered once IVS was asked: at once when IVS is away, never while IVS says there is no such
 * stage.
 */
final class MasterStage {
  private static final Logger log = LoggerFactory.getLogger(MasterStage.class);

  private final StageArn arn;
  private final int capacity;
  private final StageRegistry registry;
  private final StageMetadataStore store;
  private final InstantSource time;
  private final ScalerMetrics metrics;
  private volatile @Nullable Lookup latest;
  private volatile Lookup.@Nullable Found known;
  private volatile Lookup.@Nullable Missing missing;
  private volatile boolean registered;

  MasterStage(
      StageArn arn,
      int capacity,
      StageRegistry registry,
      StageMetadataStore store,
      InstantSource time,
      ScalerMetrics metrics) {
    this.arn = arn;
    this.capacity = capacity;
    this.registry = registry;
    this.store = store;
    this.time = time;
    this.metrics = metrics;
  }

  /**
   * Takes IVS's answer.
   *
   * @return whether the stage is known from now on, so that asking again can wait
   */
  boolean lookedUp(Lookup answer) {
    Lookup before = latest;
    latest = answer;
    if (answer instanceof Lookup.Found found) {
      known = found;
      missing = null;
      if (!(before instanceof Lookup.Found)) {
        log.info("IVS knows master stage {} as '{}'", arn, found.name());
      }
      return true;
    }
    if (answer instanceof Lookup.Missing gone) {
      missing = gone;
      if (!(before instanceof Lookup.Missing)) {
        log.error("IVS has no master stage {}, not registering it: {}", arn, gone.reason());
      }
    } else if (answer instanceof Lookup.Unavailable away
        && !(before instanceof Lookup.Unavailable)) {
      log.warn("IVS cannot be asked about the master stage, going on: {}", away.reason());
    }
    return false;
  }

  /** Puts back what is missing; one trip when nothing is. */
  void keep() {
    if (!wanted()) {
      return;
    }
    CompletionStage<Boolean> open = registry.isOpen(arn);
    CompletionStage<Boolean> described = store.exists(arn);
    if (!await(open)) {
      registered = false;
      registry.open(arn);
      metrics.registrations.inc();
      log.info("registered master stage {}: open for viewers", arn);
    }
    registered = true;
    if (!await(described)) {
      refresh();
    }
  }

  /** Rewrites the metadata with what is known now, and so its time to live. */
  void refresh() {
    if (!wanted()) {
      return;
    }
    Optional<StageMetadata> stored = store.read(arn);
    Optional<Lookup.Found> found = Optional.ofNullable(known);
    String name =
        found
            .map(Lookup.Found::name)
            .filter(text -> !text.isEmpty())
            .or(() -> stored.map(StageMetadata::name).filter(text -> !text.isEmpty()))
            .orElse(arn.id());
    Optional<Endpoints> endpoints =
        found.flatMap(Lookup.Found::endpoints).or(() -> stored.flatMap(StageMetadata::endpoints));
    registry.put(
        new StageMetadata(
            name,
            arn,
            false,
            stored.map(StageMetadata::createdAt).orElseGet(this::now),
            StageMetadata.ACTIVE,
            capacity,
            endpoints),
        Doors.LEFT_ALONE);
    metrics.metadataWritten.inc();
  }

  /** Why the stage is not registered; empty when it is. */
  Optional<String> trouble() {
    Lookup.Missing gone = missing;
    if (gone != null) {
      return Optional.of("IVS has no stage " + arn + ": " + gone.reason());
    }
    return registered ? Optional.empty() : Optional.of("not registered yet");
  }

  /** Why IVS could not be asked, the last time; empty when it answered. */
  Optional<String> ivsTrouble() {
    return latest instanceof Lookup.Unavailable away
        ? Optional.of(away.reason())
        : Optional.empty();
  }

  /** To the millisecond: what reads the metadata may know no finer time. */
  private Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private boolean wanted() {
    return latest != null && missing == null;
  }
}
