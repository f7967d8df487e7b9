package io.fullhouse.scaler;

import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Observation.Publishing;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what is seen what the policy decides on: how fast the audience grows, and what is wanted
 * ahead of it. For one thread.
 */
final class Foresight {
  private static final Logger log = LoggerFactory.getLogger(Foresight.class);

  private final JoinRate rate;
  private final PrewarmSchedule configured;
  private final ScalingLimits limits;
  private final StageArn master;
  private String damagedFloor = "";

  /**
   * @param configured windows of the configuration; an operator's come on top
   */
  Foresight(JoinRate rate, PrewarmSchedule configured, ScalingLimits limits, StageArn master) {
    this.rate = rate;
    this.configured = configured;
    this.limits = limits;
    this.master = master;
  }

  /**
   * Looks once.
   *
   * @param elsewhere what other broadcasts of the account use
   */
  ScalingInput look(Observation seen, Elsewhere elsewhere) {
    StageLoad load = seen.load();
    if (load.age().isPresent() && load.unknownVersion().isEmpty() && load.possible()) {
      rate.sample(seen.at(), load.demand());
    }
    long sources = seen.publishers().stream().map(Publishing::source).distinct().count();
    return new ScalingInput(
        load,
        rate.seatsPerSecond(),
        configured.and(operators(seen.floor())).floorAt(seen.at(), limits.openTime()),
        (int) sources,
        seen.held() ? Mode.HOLD : seen.ended() ? Mode.ENDED : Mode.AUTO,
        lastChange(seen),
        elsewhere);
  }

  /** Data was lost, or another scaler looked meanwhile: the past is no guide. */
  void forget() {
    rate.forget();
  }

  private PrewarmSchedule operators(String floor) {
    if (floor.isEmpty()) {
      return PrewarmSchedule.NONE;
    }
    try {
      return PrewarmSchedule.fromJson(floor);
    } catch (IllegalArgumentException e) {
      if (!floor.equals(damagedFloor)) {
        damagedFloor = floor;
        log.error("the pre-warm that an operator set cannot be read: {}", e.getMessage());
      }
      return PrewarmSchedule.NONE;
    }
  }

  private Optional<Instant> lastChange(Observation seen) {
    return seen.fleet().values().stream()
        .filter(stage -> !stage.arn().equals(master))
        .map(StageMetadata::since)
        .max(Instant::compareTo);
  }
}
