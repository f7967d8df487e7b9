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
      limits(50, 20, "0.8", 5, Duration.ofMinutes(5), 0, quotas(100));
  static final StageArn MASTER = arn(0);

  private Loads() {}

  /** Half a minute to open, five minutes to cool down. */
  static ScalingLimits limits(
      int stageCapacity,
      int maxStages,
      String scaleUpUtilization,
      int scaleDownViewers,
      Duration warmUp,
      int spareStages,
      IvsQuotas quotas) {
    return new ScalingLimits(
        stageCapacity,
        maxStages,
        new BigDecimal(scaleUpUtilization),
        scaleDownViewers,
        warmUp,
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        spareStages,
        quotas);
  }

  /** AWS's quotas, except for the one that is reached first. */
  static IvsQuotas quotas(int replicaLimit) {
    return new IvsQuotas(replicaLimit, 1_000, 10_000, 1_000_000, 50);
  }

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
        stage.autoScaled(),
        stage.publishers(),
        false);
  }

  /** The same stage, closing only because it was spare. */
  static Stage spare(Stage stage) {
    return new Stage(
        stage.arn(),
        State.CLOSING,
        stage.taken(),
        stage.viewers(),
        stage.createdAt(),
        stage.autoScaled(),
        stage.publishers(),
        true);
  }

  static Stage preparing(int number) {
    return new Stage(arn(number), State.PREPARING, 0, 0, Optional.of(NOW), true);
  }

  static Stage withPublishers(Stage stage, int publishers) {
    return new Stage(
        stage.arn(),
        stage.state(),
        stage.taken(),
        stage.viewers(),
        stage.createdAt(),
        stage.autoScaled(),
        publishers,
        stage.reopens());
  }

  /** So many stages, the master among them, of so many viewers each. */
  static StageLoad even(int count, long viewers) {
    List<Stage> stages = new ArrayList<>(List.of(master(viewers)));
    for (int number = 1; number < count; number++) {
      stages.add(extra(number, viewers, Duration.ofHours(1)));
    }
    return load(stages, Optional.of(Duration.ofSeconds(1)));
  }

  static StageLoad load(Stage... stages) {
    return load(Arrays.asList(stages), Optional.of(Duration.ofSeconds(1)));
  }

  static StageLoad load(List<Stage> stages, Optional<Duration> age) {
    long viewers = stages.stream().mapToLong(Stage::viewers).sum();
    return new StageLoad(stages, viewers, new EntryId(NOW.toEpochMilli(), 0), age);
  }

  /** The load while the decision is carried out. */
  static StageLoad after(StageLoad load, ScalingDecision decision) {
    List<Stage> stages = new ArrayList<>(load.stages());
    int asked = load.asked();
    if (decision instanceof ScalingDecision.ScaleOut out) {
      int missing = out.desired() - load.open() - load.preparing();
      for (int i = 0; i < stages.size() && missing > 0; i++) {
        if (stages.get(i).reopens()) {
          stages.set(i, reopened(stages.get(i)));
          missing--;
        }
      }
      asked += missing;
    } else if (decision instanceof ScalingDecision.ScaleIn in) {
      stages.replaceAll(stage -> stage.arn().equals(in.stage()) ? closing(stage) : stage);
    }
    return new StageLoad(stages, load.totalViewers(), load.position(), load.age(), asked);
  }

  /** The load once all that was on its way is there, and what is empty is gone. */
  static StageLoad settled(StageLoad load, Instant now) {
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : load.stages()) {
      if (stage.state() == State.PREPARING) {
        stages.add(reopened(stage));
      } else if (stage.state() != State.CLOSING || stage.audience() > 0) {
        stages.add(stage);
      }
    }
    int number = 1000 + stages.size();
    int publishers = load.stages().stream().mapToInt(Stage::publishers).max().orElse(1);
    Optional<Instant> made = Optional.of(now);
    for (int i = 0; i < load.asked(); i++) {
      stages.add(new Stage(arn(number++), State.OPEN, 0, 0, made, true, publishers, false));
    }
    return new StageLoad(stages, load.totalViewers(), load.position(), load.age());
  }

  private static Stage reopened(Stage stage) {
    return new Stage(
        stage.arn(),
        State.OPEN,
        stage.taken(),
        stage.viewers(),
        stage.createdAt(),
        stage.autoScaled(),
        stage.publishers(),
        false);
  }
}
