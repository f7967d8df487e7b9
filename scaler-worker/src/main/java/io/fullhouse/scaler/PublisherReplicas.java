package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import io.fullhouse.scaler.Observation.Publishing;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every publisher on every stage of the fleet, and knows which stages carry one. For one
 * thread.
 *
 * <p>Replication is wanted state: what is missing is started again, after a hiccup, for a new
 * participant, after a refusal. What it knows it asks of IVS again in each inventory.
 */
final class PublisherReplicas {
  private static final Logger log = LoggerFactory.getLogger(PublisherReplicas.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final StageFleet fleet;
  private final int replicaLimit;
  private final Map<Publishing, Feed> feeds = new HashMap<>();

  /** Where one publisher goes. */
  private static final class Feed {
    private final Set<StageArn> carriers = new HashSet<>();
    private List<StageArn> tried = List.of();
    private boolean known;
    private Duration pause = FIRST_PAUSE;
    private Instant notBefore = Instant.MIN;
    private String trouble = "";

    void failed(Instant now, String reason) {
      if (!trouble.equals(reason)) {
        log.warn("a publisher is not replicated, trying on: {}", reason);
      }
      trouble = reason;
      notBefore = now.plus(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }

    void worked() {
      pause = FIRST_PAUSE;
      trouble = "";
    }
  }

  /**
   * @param replicaLimit stages beside its own on which one participant may be at a time
   */
  PublisherReplicas(StageFleet fleet, int replicaLimit) {
    this.fleet = fleet;
    this.replicaLimit = replicaLimit;
  }

  /** What is known is to be asked of IVS again. */
  void doubt() {
    feeds.values().forEach(feed -> feed.known = false);
  }

  /** How many other stages one source can feed. */
  int replicaLimit() {
    return replicaLimit;
  }

  /** Starts what is missing, then ends what another source has taken over, or nobody wants. */
  void drive(Observation seen, Instant now) {
    feeds.keySet().retainAll(Set.copyOf(seen.publishers()));
    seen.publishers().forEach(publisher -> feeds.putIfAbsent(publisher, new Feed()));
    // All first: whether a stage has a publisher of its own decides what the others are to do.
    feeds.forEach((publisher, feed) -> learn(publisher, feed, seen, now));
    for (Publishing publisher : seen.publishers()) {
      Feed feed = feeds.get(publisher);
      if (feed != null && feed.known && !now.isBefore(feed.notBefore)) {
        feed(publisher, feed, wanted(publisher, seen), now);
      }
    }
    feeds.forEach((publisher, feed) -> handOver(publisher, feed, seen));
  }

  private void learn(Publishing publisher, Feed feed, Observation seen, Instant now) {
    List<StageArn> wanted = wanted(publisher, seen);
    if (!wanted.equals(feed.tried)) {
      feed.tried = wanted; // something new: worth an attempt at once
      feed.notBefore = Instant.MIN;
    }
    if (feed.known || now.isBefore(feed.notBefore) || !mayBeElsewhere(publisher, seen)) {
      return;
    }
    IvsAnswer<Set<StageArn>> answer = fleet.replicas(publisher.source(), publisher.participant());
    if (answer instanceof Done<Set<StageArn>> done) {
      feed.carriers.clear();
      feed.carriers.addAll(done.value());
      feed.known = true;
    } else {
      feed.failed(now, answer.reason());
    }
  }

  /**
   * A publisher who is back in time is by itself wherever it was, also on a stage that was stopped
   * or taken over by another source meanwhile.
   */
  private static boolean mayBeElsewhere(Publishing publisher, Observation seen) {
    return seen.fleet().keySet().stream().anyMatch(stage -> !stage.equals(publisher.source()));
  }

  /** A stage is never without a picture in between. */
  private void handOver(Publishing publisher, Feed feed, Observation seen) {
    List<StageArn> wanted = wanted(publisher, seen);
    for (StageArn stage : List.copyOf(feed.carriers)) {
      if (!wanted.contains(stage)
          && (hasOwnPublisher(stage) || isFedByAnother(stage, publisher) || isUnfed(stage, seen))) {
        stop(publisher, feed, stage);
      }
    }
  }

  /** Whether somebody is known to publish to the stage by itself. */
  boolean hasOwnPublisher(StageArn stage) {
    return feeds.entrySet().stream()
        .filter(feed -> feed.getKey().source().equals(stage))
        .anyMatch(feed -> feed.getKey().seen() || !feed.getValue().carriers.isEmpty());
  }

  private boolean isFedByAnother(StageArn stage, Publishing publisher) {
    return feeds.entrySet().stream()
        .filter(feed -> !feed.getKey().source().equals(publisher.source()))
        .anyMatch(feed -> feed.getValue().carriers.contains(stage));
  }

  private static boolean isUnfed(StageArn stage, Observation seen) {
    StageMetadata known = seen.fleet().get(stage);
    return known != null && known.parentStage().isEmpty();
  }

  private void feed(Publishing publisher, Feed feed, List<StageArn> wanted, Instant now) {
    for (StageArn stage : wanted) {
      if (feed.carriers.contains(stage)) {
        continue;
      }
      if (feed.carriers.size() >= replicaLimit) {
        feed.failed(now, "a participant is on " + replicaLimit + " other stages at most");
        return;
      }
      IvsAnswer<Boolean> answer =
          fleet.replicate(publisher.source(), publisher.participant(), stage);
      if (answer instanceof Done<Boolean> || answer.is(Kind.CONFLICT)) {
        feed.carriers.add(stage);
        feed.worked();
        log.info("participant {} is replicated to {}", publisher.participant(), stage);
      } else {
        feed.failed(now, answer.reason());
        return;
      }
    }
  }

  /**
   * Stages that are to carry the publisher, those that are pinned to it first, then the oldest; one
   * that drains still shows it.
   */
  private List<StageArn> wanted(Publishing publisher, Observation seen) {
    return seen.fleet().values().stream()
        .filter(stage -> !stage.state().equals(StageMetadata.DELETING))
        .filter(stage -> !stage.arn().equals(publisher.source()))
        .filter(stage -> stage.parentStage().filter(publisher.source()::equals).isPresent())
        .filter(stage -> !hasOwnPublisher(stage.arn()))
        .sorted(
            Comparator.comparing((StageMetadata stage) -> seen.pinnedTo(stage.arn()).isEmpty())
                .thenComparing(StageMetadata::createdAt)
                .thenComparing(stage -> stage.arn().value()))
        .map(StageMetadata::arn)
        .toList();
  }

  /** Whether somebody is known to publish, not only to have a token for it. */
  boolean onAir() {
    return feeds.entrySet().stream()
        .anyMatch(feed -> feed.getKey().seen() || !feed.getValue().carriers.isEmpty());
  }

  /** Who is replicated to the stage, as far as is known. */
  List<Publishing> shownOn(StageArn stage) {
    return feeds.entrySet().stream()
        .filter(feed -> feed.getValue().carriers.contains(stage))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Why the publisher is not everywhere; empty while nothing is in the way. */
  String trouble(Publishing publisher) {
    Feed feed = feeds.get(publisher);
    return feed == null ? "" : feed.trouble;
  }

  /** Whether a publisher can be seen on the stage. */
  boolean carries(StageArn stage) {
    return feeds.entrySet().stream()
        .anyMatch(
            feed ->
                feed.getKey().source().equals(stage) || feed.getValue().carriers.contains(stage));
  }

  /**
   * Takes every publisher off the stage.
   *
   * @return whether none is on it any more
   */
  boolean leave(StageArn stage) {
    boolean left = true;
    for (Map.Entry<Publishing, Feed> entry : feeds.entrySet()) {
      if (entry.getValue().carriers.contains(stage)) {
        left &= stop(entry.getKey(), entry.getValue(), stage);
      }
    }
    return left;
  }

  private boolean stop(Publishing publisher, Feed feed, StageArn stage) {
    IvsAnswer<Boolean> answer =
        fleet.stopReplica(publisher.source(), publisher.participant(), stage);
    if (answer instanceof Done<Boolean> || answer.is(Kind.NOT_FOUND) || answer.is(Kind.CONFLICT)) {
      feed.carriers.remove(stage);
      return true;
    }
    log.warn("replication to {} is not stopped yet: {}", stage, answer.reason());
    return false;
  }
}
