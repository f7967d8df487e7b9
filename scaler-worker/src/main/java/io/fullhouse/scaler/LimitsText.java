package io.fullhouse.scaler;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The limits in force, each with the setting that it comes from and what AWS says of it. */
final class LimitsText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LimitsText() {}

  static ObjectNode of(ScalingLimits limits) {
    IvsQuotas quotas = limits.quotas();
    ObjectNode json = JSON.createObjectNode();
    add(json, "stageCapacity", "STAGE_CAPACITY").put("value", limits.stageCapacity());
    add(json, "maxStages", "MAX_STAGES").put("value", limits.maxStages());
    add(json, "scaleUpUtilization", "SCALE_UP_UTILIZATION")
        .put("value", limits.scaleUpUtilization());
    add(json, "scaleDownViewers", "SCALE_DOWN_VIEWERS").put("value", limits.scaleDownViewers());
    add(json, "stageWarmupSeconds", "STAGE_WARMUP").put("value", limits.warmUp().toSeconds());
    add(json, "stageOpenTimeSeconds", "STAGE_OPEN_TIME")
        .put("value", limits.openTime().toSeconds());
    add(json, "coolDownSeconds", "SCALE_COOL_DOWN").put("value", limits.coolDown().toSeconds());
    add(json, "warmSpareStages", "WARM_SPARE_STAGES").put("value", limits.spareStages());
    add(json, "replicaLimit", "REPLICA_LIMIT")
        .put("value", quotas.replicaLimit())
        .put("quota", "IVS: 5 destination stages a participant, not adjustable");
    add(json, "stagesPerRegion", "IVS_STAGES_PER_REGION")
        .put("value", quotas.stagesPerRegion())
        .put("quota", "IVS: 1,000 stages a Region, adjustable");
    add(json, "subscribersPerStage", "IVS_SUBSCRIBERS_PER_STAGE")
        .put("value", quotas.subscribersPerStage())
        .put("quota", "IVS: 10,000 subscribers a stage, adjustable up to 25,000");
    add(json, "subscriptionBudget", "SUBSCRIPTION_BUDGET")
        .put("value", quotas.subscriptionBudget())
        .put("quota", "IVS: 20,000 concurrent subscriptions a Region, adjustable");
    add(json, "tokensPerSecond", "IVS_TOKENS_PER_SECOND")
        .put("value", quotas.tokensPerSecond())
        .put("quota", "IVS: 50 CreateParticipantToken a second, not adjustable");
    return json;
  }

  private static ObjectNode add(ObjectNode json, String name, String setting) {
    return json.putObject(name).put("setting", setting);
  }
}
