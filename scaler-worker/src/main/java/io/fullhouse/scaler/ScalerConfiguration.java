package io.fullhouse.scaler;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.RedisSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/**
 * {@code deploy/config/scaler.yml}, which explains each setting.
 *
 * <p>What the annotations cannot say is checked by the methods that give typed values: each throws
 * {@link IllegalArgumentException} with a line for the operator.
 */
final class ScalerConfiguration extends Configuration {
  /** What kind of run this is. */
  enum Mode {
    PRODUCTION,
    /** A simulated IVS is near, and accepts anybody's credentials. */
    DEVELOPMENT
  }

  private final @NotNull Mode mode;
  private final @Valid @NotNull RedisSection redis;
  private final @Valid @NotNull BroadcastSection broadcast;
  private final @Valid @NotNull IvsSection ivs;
  private final @Valid @NotNull ScalingSection scaling;
  private final @Valid @NotNull NoticesSection notices;

  @JsonCreator
  ScalerConfiguration(
      @JsonProperty("mode") Mode mode,
      @JsonProperty("redis") RedisSection redis,
      @JsonProperty("broadcast") BroadcastSection broadcast,
      @JsonProperty("ivs") IvsSection ivs,
      @JsonProperty("scaling") ScalingSection scaling,
      @JsonProperty("notices") NoticesSection notices) {
    this.mode = mode;
    this.redis = redis;
    this.broadcast = broadcast;
    this.ivs = ivs;
    this.scaling = scaling;
    this.notices = notices;
  }

  record RedisSection(@NotEmpty String url, @Nullable String password) {
    /** Either may hold a secret. */
    @Override
    public String toString() {
      return "RedisSection";
    }
  }

  record BroadcastSection(
      @NotEmpty String id, @NotEmpty String keyPrefix, @NotEmpty String accountKeyPrefix) {}

  record IvsSection(
      @NotEmpty(message = "is missing: set MASTER_STAGE_ARN to the ARN of the first stage")
          String masterStageArn,
      @Nullable String region,
      @Min(1) @Max(1_000) int callsPerSecond,
      @Nullable Duration drainDeadline,
      @NotNull @Pattern(regexp = "report|correct", message = "RECONCILE is report or correct")
          String reconcile,
      boolean reconcileDisconnect,
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration reconcileInterval) {}

  record ScalingSection(
      @Min(1) @Max(25_000) int stageCapacity,
      @Min(1) @Max(1_000) int maxStages,
      @NotNull BigDecimal scaleUpUtilization,
      @NotNull @Min(0) Integer scaleDownViewers,
      @NotNull Duration stageWarmup,
      @NotNull Duration stageOpenTime,
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration joinRateWindow,
      @NotNull Duration coolDown,
      @Min(0) @Max(999) int warmSpareStages,
      @Nullable String prewarm,
      @Valid @NotNull QuotaSection quotas,
      @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration interval) {}

  record QuotaSection(
      @Min(0) @Max(1_000) int replicaLimit,
      @Min(1) int stagesPerRegion,
      @Min(1) int subscribersPerStage,
      @Min(1) long subscriptionBudget,
      @Min(1) int tokensPerSecond) {}

  record NoticesSection(@Nullable String eventBusName) {}

  Mode mode() {
    return mode;
  }

  Broadcast broadcast() {
    return new Broadcast(new BroadcastId(broadcast.id()), broadcast.keyPrefix());
  }

  RedisSettings redis() {
    return RedisSettings.parse(redis.url(), redis.password(), broadcast());
  }

  StageArn masterStage() {
    if (!StageArn.isValid(ivs.masterStageArn())) {
      throw new IllegalArgumentException(
          "MASTER_STAGE_ARN is not the ARN of an IVS stage (arn:aws:ivs:<region>:<account>:stage/"
              + "<id>): '"
              + ivs.masterStageArn()
              + "'");
    }
    return new StageArn(ivs.masterStageArn());
  }

  /** The region of the master stage: a broadcast does not leave it. */
  Region region() {
    String ofStage = masterStage().value().split(":", -1)[3];
    String configured = ivs.region();
    if (configured != null && !configured.isEmpty() && !configured.equals(ofStage)) {
      throw new IllegalArgumentException(
          "AWS_REGION is %s, but MASTER_STAGE_ARN is a stage in %s".formatted(configured, ofStage));
    }
    return Region.of(ofStage);
  }

  /** Shared by all scalers of the account and Region; a second's worth may be spent at once. */
  CallBudget callBudget() {
    return new CallBudget(account().callBudget(), ivs.callsPerSecond(), ivs.callsPerSecond());
  }

  /** What is shared with the other broadcasts of the account and Region. */
  AccountKeys account() {
    return AccountKeys.of(broadcast.accountKeyPrefix(), masterStage());
  }

  /** Stages beside its own on which one participant may be at a time. */
  int replicaLimit() {
    return scaling.quotas().replicaLimit();
  }

  /** After which a draining stage is deleted whoever is on it; empty for never. */
  Optional<java.time.Duration> drainDeadline() {
    return Optional.ofNullable(ivs.drainDeadline()).map(Duration::toJavaDuration);
  }

  ScalingLimits limits() {
    return new ScalingLimits(
        scaling.stageCapacity(),
        scaling.maxStages(),
        scaling.scaleUpUtilization(),
        scaling.scaleDownViewers(),
        scaling.stageWarmup().toJavaDuration(),
        scaling.stageOpenTime().toJavaDuration(),
        scaling.coolDown().toJavaDuration(),
        scaling.warmSpareStages(),
        new IvsQuotas(
            scaling.quotas().replicaLimit(),
            scaling.quotas().stagesPerRegion(),
            scaling.quotas().subscribersPerStage(),
            scaling.quotas().subscriptionBudget(),
            scaling.quotas().tokensPerSecond()));
  }

  /** Over which {@link JoinRate} looks back. */
  java.time.Duration joinRateWindow() {
    return scaling.joinRateWindow().toJavaDuration();
  }

  /** What the configuration wants beforehand; an operator may add to it. */
  PrewarmSchedule prewarm() {
    String windows = scaling.prewarm();
    return PrewarmSchedule.parse(windows == null ? "" : windows);
  }

  /** Half of the call budget at most is spent on comparing. */
  Reconciliation.Settings reconciliation() {
    boolean correct = ivs.reconcile().equals("correct");
    if (ivs.reconcileDisconnect() && !correct) {
      throw new IllegalArgumentException(
          "RECONCILE_DISCONNECT is true, but RECONCILE is report: only with correct is anything"
              + " changed");
    }
    return new Reconciliation.Settings(
        correct,
        ivs.reconcileDisconnect(),
        ivs.reconcileInterval().toJavaDuration(),
        java.time.Duration.ofSeconds(2).dividedBy(ivs.callsPerSecond()));
  }

  /** A quarter of the call budget at most is spent on those who were superseded. */
  java.time.Duration disconnectPause() {
    return java.time.Duration.ofSeconds(4).dividedBy(ivs.callsPerSecond());
  }

  /** Name or ARN of the bus for notices; empty for none. */
  Optional<String> eventBus() {
    return Optional.ofNullable(notices.eventBusName()).filter(name -> !name.isEmpty());
  }

  java.time.Duration interval() {
    return scaling.interval().toJavaDuration();
  }
}
