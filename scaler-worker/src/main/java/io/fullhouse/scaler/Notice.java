package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.StageCeiling.Limit;
import java.util.Optional;

/**
 * Something that the scaler tells the world, in the past tense. The README of this module is what
 * others build on: a type keeps its name and its members, and may get more.
 */
sealed interface Notice {
  /** Of every type so far; goes up when a member changes its meaning or goes away. */
  String SCHEMA_VERSION = "1";

  ObjectMapper JSON = new ObjectMapper();

  /** The event's name on the bus. */
  String type();

  /** What it is about, if it is one stage. */
  default Optional<StageArn> stage() {
    return Optional.empty();
  }

  /** Adds what is to be known about it. */
  void describe(ObjectNode data);

  /** As it stands in {@code RedisKeys.notices}. */
  default String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("type", type());
    json.put("schemaVersion", SCHEMA_VERSION);
    stage().ifPresent(arn -> json.put("stage", arn.value()));
    describe(json.putObject("data"));
    return json.toString();
  }

  /** About one stage; how many seats are taken there is added by the step that writes it. */
  sealed interface OfStage extends Notice {
    StageMetadata metadata();

    /** For people; empty for none. */
    default String reason() {
      return metadata().reason();
    }

    @Override
    default Optional<StageArn> stage() {
      return Optional.of(metadata().arn());
    }

    @Override
    default void describe(ObjectNode data) {
      data.put("stageArn", metadata().arn().value());
      data.put("name", metadata().name());
      data.put("capacity", metadata().capacity());
      data.put("autoScaled", metadata().autoScaled());
      data.put("reason", reason());
    }
  }

  /**
   * Takes viewers now.
   *
   * @param reason why it did not before; empty for a stage that is new
   */
  record StageOpened(StageMetadata metadata, String reason) implements OfStage {
    @Override
    public String type() {
      return "Stage Opened";
    }
  }

  /** Takes nobody new, and those who are there are offered another stage. */
  record StageDraining(StageMetadata metadata) implements OfStage {
    @Override
    public String type() {
      return "Stage Draining";
    }
  }

  /**
   * Is registered no more, and will be deleted.
   *
   * @param forced whoever was still there
   */
  record StageClosed(StageMetadata metadata, boolean forced) implements OfStage {
    @Override
    public String type() {
      return "Stage Closed";
    }

    @Override
    public void describe(ObjectNode data) {
      OfStage.super.describe(data);
      data.put("forced", forced);
    }
  }

  /** The first publisher is there. */
  record PublisherWentLive(int publishers) implements Notice {
    @Override
    public String type() {
      return "Publisher Went Live";
    }

    @Override
    public void describe(ObjectNode data) {
      data.put("publishers", publishers);
    }
  }

  /** The last publisher is gone. */
  record PublisherWentOffline() implements Notice {
    @Override
    public String type() {
      return "Publisher Went Offline";
    }

    @Override
    public void describe(ObjectNode data) {
      data.put("publishers", 0);
    }
  }

  /**
   * The numbers behind a notice about capacity.
   *
   * @param seats of all open stages together
   */
  record Capacity(long viewers, long taken, long seats, int openStages) {
    private void describe(ObjectNode data) {
      data.put("viewers", viewers);
      data.put("seatsTaken", taken);
      data.put("seats", seats);
      data.put("openStages", openStages);
    }
  }

  /** A further stage is needed, and is being opened. */
  record CapacityRanShort(Capacity capacity, int desiredStages, String reason) implements Notice {
    @Override
    public String type() {
      return "Capacity Ran Short";
    }

    @Override
    public void describe(ObjectNode data) {
      capacity.describe(data);
      data.put("desiredStages", desiredStages);
      data.put("reason", reason);
    }
  }

  /** More stages are needed than there may be: who comes now may be turned away. */
  record CapacityExhausted(Capacity capacity, Limit limit) implements Notice {
    @Override
    public String type() {
      return "Capacity Exhausted";
    }

    @Override
    public void describe(ObjectNode data) {
      capacity.describe(data);
      data.put("limit", limit.name());
      data.put("reason", limit.text());
    }
  }

  /** There are seats enough again. */
  record CapacityRecovered(Capacity capacity) implements Notice {
    @Override
    public String type() {
      return "Capacity Recovered";
    }

    @Override
    public void describe(ObjectNode data) {
      capacity.describe(data);
    }
  }

  /** The fleet stays as it is, at an operator's word or for want of input that can be trusted. */
  record ScalingHeld(ScalingDecision.Reason reason) implements Notice {
    @Override
    public String type() {
      return "Scaling Held";
    }

    @Override
    public void describe(ObjectNode data) {
      data.put("cause", reason.name());
      data.put("reason", reason.text());
    }
  }

  /** Scales again. */
  record ScalingResumed() implements Notice {
    @Override
    public String type() {
      return "Scaling Resumed";
    }

    @Override
    public void describe(ObjectNode data) {
      // nothing but that it is so
    }
  }

  /**
   * Our counts and IVS's lists differ.
   *
   * @param oursOnly viewers whom IVS does not have
   * @param ivsOnly viewers whom we do not have
   * @param ended of the first, as corrections
   */
  record DriftFound(int stages, long oursOnly, long ivsOnly, long ended) implements Notice {
    @Override
    public String type() {
      return "Drift Found";
    }

    @Override
    public void describe(ObjectNode data) {
      data.put("stages", stages);
      data.put("oursOnly", oursOnly);
      data.put("ivsOnly", ivsOnly);
      data.put("ended", ended);
    }
  }

  /** They agree again. */
  record DriftEnded(int stages) implements Notice {
    @Override
    public String type() {
      return "Drift Ended";
    }

    @Override
    public void describe(ObjectNode data) {
      data.put("stages", stages);
    }
  }
}
