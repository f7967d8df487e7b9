package io.fullhouse.scaler;

import io.fullhouse.scaler.ScalingDecision.Hold;
import io.fullhouse.scaler.ScalingDecision.ScaleIn;
import io.fullhouse.scaler.ScalingDecision.ScaleOut;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fleet that does what the policy says, in simulated time; seats fill in the order of opening.
 */
final class SimulatedHouse {
  private final ScalingPolicy policy = new ScalingPolicy();
  private final ScalingLimits limits;
  private final Duration opening;
  private final JoinRate rate = new JoinRate(Duration.ofSeconds(30), Duration.ofSeconds(60));
  private final List<Room> rooms = new ArrayList<>();
  private Optional<Instant> lastChange = Optional.empty();
  private Instant now = Loads.NOW;
  private int made;
  long turnedAway;
  final List<ScalingDecision> changes = new ArrayList<>();

  private record Room(int number, Instant createdAt, Instant opensAt) {}

  /**
   * @param opening how long a stage really takes to open
   */
  SimulatedHouse(ScalingLimits limits, int stages, Duration opening) {
    this.limits = limits;
    this.opening = opening;
    Instant old = now.minus(Duration.ofDays(1));
    for (; made < stages; made++) {
      rooms.add(new Room(made, old, old));
    }
  }

  int open() {
    return (int) rooms.stream().filter(this::isOpen).count();
  }

  /** Time passes; so many want a seat now; the scaler does a pass. */
  void step(Duration time, long audience, long floorSeats) {
    now = now.plus(time);
    long seated = Math.min(audience, (long) open() * limits.stageCapacity());
    turnedAway = Math.max(turnedAway, audience - seated);
    rate.sample(now, seated);
    ScalingInput input =
        new ScalingInput(
            load(seated),
            rate.seatsPerSecond(),
            floorSeats,
            1,
            Mode.AUTO,
            lastChange,
            Elsewhere.NOTHING);
    carryOut(policy.decide(input, limits, now), input.load());
  }

  private StageLoad load(long seated) {
    List<Stage> stages = new ArrayList<>();
    long left = seated;
    for (Room room : rooms) {
      long here = isOpen(room) ? Math.min(left, limits.stageCapacity()) : 0;
      left -= here;
      State state = isOpen(room) ? State.OPEN : State.PREPARING;
      stages.add(
          new Stage(
              Loads.arn(room.number()),
              state,
              here,
              here,
              Optional.of(room.createdAt()),
              room.number() > 0));
    }
    return Loads.load(stages, Optional.of(Duration.ofSeconds(1)));
  }

  private void carryOut(ScalingDecision decision, StageLoad load) {
    if (decision instanceof ScaleOut out) {
      for (int i = load.open() + load.preparing(); i < out.desired(); i++) {
        rooms.add(new Room(made++, now, now.plus(opening)));
      }
    } else if (decision instanceof ScaleIn in) {
      rooms.removeIf(room -> Loads.arn(room.number()).equals(in.stage()));
    }
    if (!(decision instanceof Hold)) {
      lastChange = Optional.of(now);
      changes.add(decision);
    }
  }

  private boolean isOpen(Room room) {
    return !room.opensAt().isAfter(now);
  }
}
