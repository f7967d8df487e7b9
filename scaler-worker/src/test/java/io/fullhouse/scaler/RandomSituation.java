package io.fullhouse.scaler;

import static io.fullhouse.scaler.Loads.NOW;

import io.fullhouse.model.EntryId;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.ScalingInput.Mode;
import io.fullhouse.scaler.StageLoad.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Anything the policy may be told that can be true, quiet times among them. */
record RandomSituation(ScalingInput input, ScalingLimits limits) {

  static RandomSituation of(Random random) {
    ScalingLimits limits = limits(random);
    boolean quiet = random.nextInt(3) > 0;
    ScalingInput input =
        new ScalingInput(
            load(random, limits, quiet),
            quiet ? 0 : random.nextInt(3) * random.nextDouble() * limits.stageCapacity() / 20,
            random.nextInt(4) == 0 ? random.nextInt(12 * limits.stageCapacity()) : 0,
            random.nextInt(4),
            Mode.AUTO,
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(NOW.minusSeconds(random.nextInt(900))),
            random.nextInt(5) > 0
                ? Elsewhere.NOTHING
                : new Elsewhere(random.nextInt(40), random.nextInt(20_000)));
    return new RandomSituation(input, limits);
  }

  StageLoad load() {
    return input.load();
  }

  /** The demand when a stage that is asked for now would be open. */
  long forecast() {
    double joins = input.seatsPerSecond() * limits.openTime().toMillis() / 1000.0;
    return (long) Math.ceil(load().demand() + joins);
  }

  RandomSituation with(StageLoad load) {
    return with(load, input.mode());
  }

  RandomSituation with(Mode mode) {
    return with(input.load(), mode);
  }

  private RandomSituation with(StageLoad load, Mode mode) {
    return new RandomSituation(
        new ScalingInput(
            load,
            input.seatsPerSecond(),
            input.floorSeats(),
            input.sources(),
            mode,
            input.lastChange(),
            input.elsewhere()),
        limits);
  }

  private static ScalingLimits limits(Random random) {
    int maxStages = 2 + random.nextInt(20);
    return new ScalingLimits(
        10 + random.nextInt(random.nextBoolean() ? 50 : 9_500),
        maxStages,
        BigDecimal.valueOf(50 + random.nextInt(51), 2),
        random.nextInt(6),
        Duration.ofMinutes(random.nextInt(10)),
        Duration.ofSeconds(random.nextInt(60)),
        Duration.ofMinutes(random.nextInt(10)),
        random.nextInt(3) == 0 ? random.nextInt(Math.min(3, maxStages)) : 0,
        new IvsQuotas(
            random.nextInt(8), 30 + random.nextInt(30), 10_000, 100 + random.nextInt(40_000), 50));
  }

  private static StageLoad load(Random random, ScalingLimits limits, boolean quiet) {
    int capacity = limits.stageCapacity();
    List<Stage> stages = new ArrayList<>();
    stages.add(Loads.master(random.nextInt(quiet ? capacity : 2 * capacity)));
    int extra = random.nextInt(limits.maxStages());
    for (int number = 1; number <= extra; number++) {
      long viewers = random.nextInt(random.nextInt(4) > 0 ? 4 : capacity);
      Stage stage = Loads.extra(number, viewers, Duration.ofSeconds(random.nextInt(3000)));
      stages.add(random.nextInt(quiet ? 100 : 6) == 0 ? changing(random, stage, number) : stage);
    }
    stages.replaceAll(
        stage -> random.nextInt(9) == 0 ? Loads.withPublishers(stage, random.nextInt(4)) : stage);
    StageLoad load = Loads.load(stages, Optional.of(Duration.ofSeconds(random.nextInt(30))));
    int asked = random.nextInt(quiet ? 100 : 6) == 0 ? random.nextInt(4) : 0;
    return new StageLoad(load.stages(), load.totalViewers(), EntryId.ZERO, load.age(), asked);
  }

  private static Stage changing(Random random, Stage stage, int number) {
    return switch (random.nextInt(3)) {
      case 0 -> Loads.closing(stage);
      case 1 -> Loads.spare(stage);
      default -> Loads.preparing(number);
    };
  }
}
