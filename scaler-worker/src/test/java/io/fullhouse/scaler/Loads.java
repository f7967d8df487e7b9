package io.fullhouse.scaler;

import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageArn;
import io.fullhouse.scaler.StageLoad.Stage;
import io.fullhouse.scaler.StageLoad.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Loads and limits for tests. */
final class Loads {
  static final Instant NOW = Instant.parse("2026-11-22T20:00:00Z");
  static final ScalingLimits LIMITS =
      new ScalingLimits(50, 20, new BigDecimal("0.8"), 5, Duration.ofMinutes(5));
  static final StageArn MASTER = arn(0);

  private Loads() {}

  static StageArn arn(int number) {
    return new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/s" + number);
  }

  static Stage master(long viewers) {
    return new Stage(
        MASTER, State.OPEN, viewers, viewers, Optional.of(NOW.minus(Duration.ofDays(1))), false);
  }

  /** An open stage that the scaler made. */
  static Stage extra(int number, long viewers, Duration age) {
    return new Stage(arn(number), State.OPEN, viewers, viewers, Optional.of(NOW.minus(age)), true);
  }

  static Stage closing(Stage stage) {
    return new Stage(
        stage.arn(),
        State.CLOSING,
        stage.taken(),
        stage.viewers(),
        stage.createdAt(),
        stage.autoScaled());
  }

  static StageLoad load(Stage... stages) {
    return load(Arrays.asList(stages), Optional.of(Duration.ofSeconds(1)));
  }

  static StageLoad load(List<Stage> stages, Optional<Duration> age) {
    long viewers = stages.stream().mapToLong(Stage::viewers).sum();
    return new StageLoad(stages, viewers, new EntryId(NOW.toEpochMilli(), 0), age);
  }

  /** The load once the decision is carried out. */
  static StageLoad after(StageLoad load, ScalingDecision decision) {
    List<Stage> stages = new ArrayList<>(load.stages());
    if (decision instanceof ScalingDecision.ScaleOut out) {
      for (int number = 1000; load(stages, load.age()).open() < out.desired(); number++) {
        stages.add(extra(number, 0, Duration.ZERO));
      }
    } else if (decision instanceof ScalingDecision.ScaleIn in) {
      stages.replaceAll(stage -> stage.arn().equals(in.stage()) ? closing(stage) : stage);
    }
    return new StageLoad(stages, load.totalViewers(), load.position(), load.age());
  }
}
