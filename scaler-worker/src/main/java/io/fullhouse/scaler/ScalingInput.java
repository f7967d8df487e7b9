package io.fullhouse.scaler;

import java.time.Instant;
import java.util.Optional;

/**
 * All that {@link ScalingPolicy} is told besides the limits and the time.
 *
 * @param load as it is now
 * @param seatsPerSecond by which the demand grows, of {@link JoinRate}
 * @param floorSeats wanted now whoever comes, of a pre-warm
 * @param sources stages to which a publisher sends by itself; none yet counts as one
 * @param mode of the scaler
 * @param lastChange when a stage was last made, closed or reopened, as far as that is known; the
 *     opening of those in the load need not be told
 * @param elsewhere what other broadcasts of the account use
 */
record ScalingInput(
    StageLoad load,
    double seatsPerSecond,
    long floorSeats,
    int sources,
    Mode mode,
    Optional<Instant> lastChange,
    Elsewhere elsewhere) {

  /** Who decides. */
  enum Mode {
    /** The policy. */
    AUTO,
    /** The operator: nothing is changed. */
    HOLD,
    /** The operator: the show is over, and only the master is needed. */
    ENDED
  }

  /**
   * What of the account's quotas is gone.
   *
   * @param stages in the Region
   * @param subscriptions in the Region: viewers times publishers
   */
  record Elsewhere(int stages, long subscriptions) {
    /** The account is ours alone. */
    static final Elsewhere NOTHING = new Elsewhere(0, 0);
  }

  /** A load about which no more is known. */
  static ScalingInput of(StageLoad load) {
    return new ScalingInput(load, 0, 0, 1, Mode.AUTO, Optional.empty(), Elsewhere.NOTHING);
  }

  /** Whether these numbers can be true. */
  boolean possible() {
    return load.possible()
        && seatsPerSecond >= 0
        && Double.isFinite(seatsPerSecond)
        && floorSeats >= 0
        && sources >= 0
        && elsewhere.stages() >= 0
        && elsewhere.subscriptions() >= 0;
  }
}
