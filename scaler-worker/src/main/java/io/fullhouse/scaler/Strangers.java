package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.IvsAnswer.Done;
import io.fullhouse.scaler.IvsAnswer.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disconnects those of one stage whom IVS has and we do not, a call at a time. For one thread;
 * throws what Redis throws.
 *
 * <p>Before each call our own side is read once more: whoever is known by then stays. Everybody
 * stays while the counts do not move, or when there is somebody of whom we do not know the
 * participant. Whom IVS does not let go is left to the next comparison.
 */
final class Strangers {
  private static final Logger log = LoggerFactory.getLogger(Strangers.class);

  /** IVS takes 128 characters. */
  private static final String REASON = "not known to the broadcast: join again for a new token";

  /** Failures in a row, after which the others are not tried. */
  private static final int TRIES = 3;

  private final StageArn stage;
  private final StageAudience ivs;
  private final SeatedAudience ours;
  private final StageRegistry registry;
  private final UnwantedOnStage unwanted;
  private final Deque<String> remaining;
  private int failures;
  private int disconnected;

  /**
   * @param participants viewers, as IVS has them
   */
  Strangers(
      StageArn stage,
      Collection<String> participants,
      StageAudience ivs,
      SeatedAudience ours,
      StageRegistry registry,
      UnwantedOnStage unwanted) {
    this.stage = stage;
    this.ivs = ivs;
    this.ours = ours;
    this.registry = registry;
    this.unwanted = unwanted;
    this.remaining = new ArrayDeque<>(participants);
  }

  /** Whether somebody is still to be disconnected. */
  boolean remain() {
    return !remaining.isEmpty();
  }

  /** How many are gone by now. */
  int disconnected() {
    return disconnected;
  }

  /** One call to IVS, or none when nobody is left to be disconnected. */
  void step() {
    spare();
    String participant = remaining.poll();
    if (participant == null) {
      return;
    }
    IvsAnswer<Boolean> answer = ivs.disconnect(stage, participant, REASON);
    if (answer instanceof Done<Boolean> || answer.is(Kind.NOT_FOUND)) {
      failures = 0;
      disconnected++;
      unwanted.cut(stage, participant);
      log.info("disconnected {} from stage {}: only IVS knew of it", participant, stage);
      return;
    }
    failures++;
    log.warn("{} stays connected to stage {}: {}", participant, stage, answer.reason());
    if (failures >= TRIES) {
      remaining.clear();
    }
  }

  private void spare() {
    Observation seen = registry.observe();
    Optional<Set<String>> known =
        seen.load().isFresh() ? ours.participants(stage) : Optional.empty();
    if (known.isEmpty()) {
      log.warn("nobody is disconnected from stage {}: it cannot be told who is known", stage);
      remaining.clear();
      return;
    }
    remaining.removeIf(known.get()::contains);
    seen.publishers().forEach(each -> remaining.remove(each.participant().value()));
  }
}
