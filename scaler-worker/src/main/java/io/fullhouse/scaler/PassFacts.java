package io.fullhouse.scaler;

import io.fullhouse.scaler.Notice.Capacity;
import io.fullhouse.scaler.Notice.CapacityExhausted;
import io.fullhouse.scaler.Notice.CapacityRanShort;
import io.fullhouse.scaler.Notice.CapacityRecovered;
import io.fullhouse.scaler.Notice.PublisherWentLive;
import io.fullhouse.scaler.Notice.PublisherWentOffline;
import io.fullhouse.scaler.Notice.ScalingHeld;
import io.fullhouse.scaler.Notice.ScalingResumed;
import io.fullhouse.scaler.NoticeBoard.Fact;
import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.Reason;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one pass has to tell: the publisher, the capacity, and whether it scales. Pure. */
final class PassFacts {
  private static final Set<Reason> OBSTACLES =
      Set.of(
          Reason.OPERATOR_HOLD,
          Reason.MISSING_INPUT,
          Reason.STALE_INPUT,
          Reason.UNKNOWN_COUNTS,
          Reason.IMPOSSIBLE_INPUT,
          Reason.NO_OPEN_STAGE);

  private static final Set<Reason> SHORT =
      Set.of(Reason.ABOVE_SCALE_UP_LINE, Reason.FULL_BEFORE_OPEN);

  private PassFacts() {}

  /** In each pass the same facts, but those that cannot be known now. */
  static List<Fact> of(Observation seen, ScalingDecision decision, ScalingLimits limits) {
    List<Fact> facts = new ArrayList<>();
    facts.add(publisher(seen.publishers().size()));
    boolean held = decision instanceof Hold && OBSTACLES.contains(decision.reason());
    facts.add(
        held
            ? new Fact("scaling", decision.reason().name(), new ScalingHeld(decision.reason()))
            : new Fact("scaling", "", new ScalingResumed()));
    if (!held) {
      capacity(seen.load(), decision, limits).ifPresent(facts::add);
    }
    return facts;
  }

  private static Fact publisher(int publishers) {
    return publishers > 0
        ? new Fact("publisher", "live", new PublisherWentLive(publishers))
        : new Fact("publisher", "", new PublisherWentOffline());
  }

  /** Empty while stages are on their way: whether they are enough is seen when they are there. */
  private static Optional<Fact> capacity(
      StageLoad load, ScalingDecision decision, ScalingLimits limits) {
    Capacity numbers =
        new Capacity(
            load.totalViewers(),
            load.taken(),
            (long) load.open() * limits.stageCapacity(),
            load.open());
    if (decision.limit().isPresent()) {
      StageCeiling.Limit limit = decision.limit().get();
      return Optional.of(new Fact("capacity", limit.name(), new CapacityExhausted(numbers, limit)));
    }
    if (decision instanceof ScaleOut out && SHORT.contains(out.reason())) {
      return Optional.of(
          new Fact(
              "capacity",
              "short",
              new CapacityRanShort(numbers, out.desired(), out.reason().text())));
    }
    return load.preparing() > 0
        ? Optional.empty()
        : Optional.of(new Fact("capacity", "", new CapacityRecovered(numbers)));
  }
}
