package io.fullhouse.scaler;

import io.fullhouse.scaler.StageLoad.Stage;

/**
 * The largest number of stages that is possible, and what stands in the way of one more. Pure.
 *
 * @param stages at least 1: the master is not ours to close
 * @param limit the first of those that allow no more
 */
record StageCeiling(int stages, Limit limit) {

  /** What allows no further stage; those that weigh less come last. */
  enum Limit {
    /** The operator's own. */
    MAX_STAGES("MAX_STAGES is reached"),
    /** One publisher can be on so many stages only. */
    REPLICA_LIMIT(
        "a publisher can be on no further stage (REPLICA_LIMIT); more sources raise it:"
            + " publisher-all?sources=true"),
    /** A full house would have more connections than the Region allows. */
    SUBSCRIPTION_QUOTA("a further stage, once full, would exceed SUBSCRIPTION_BUDGET"),
    /** The Region holds no more stages. */
    STAGE_QUOTA("the account has no further stage in the Region (IVS_STAGES_PER_REGION)");

    private final String text;

    Limit(String text) {
      this.text = text;
    }

    /** For people. */
    String text() {
      return text;
    }
  }

  /** The ceiling for a load, with the publishers and sources that there are. */
  static StageCeiling of(ScalingInput input, ScalingLimits limits) {
    StageLoad load = input.load();
    long capacity = limits.stageCapacity();
    long committed =
        input.elsewhere().subscriptions()
            + load.stages().stream().mapToLong(stage -> capacity * publishers(stage)).sum();
    long each =
        capacity * load.stages().stream().mapToLong(StageCeiling::publishers).max().orElse(1);
    // Those that IVS was asked for and that cannot be seen yet are still to be paid for.
    long further = Math.floorDiv(limits.quotas().subscriptionBudget() - committed, each);
    return lowest(
        limits,
        input.sources(),
        load.stages().size() + further,
        limits.quotas().stagesPerRegion() - input.elsewhere().stages());
  }

  /**
   * The ceiling before anything is known: one publisher a stage, and nobody else in the account.
   */
  static StageCeiling atStart(ScalingLimits limits, int sources) {
    return lowest(
        limits,
        sources,
        limits.quotas().subscriptionBudget() / limits.stageCapacity(),
        limits.quotas().stagesPerRegion());
  }

  private static StageCeiling lowest(
      ScalingLimits limits, int sources, long bySubscriptions, long byStages) {
    return new StageCeiling(limits.maxStages(), Limit.MAX_STAGES)
        .or(Math.max(1L, sources) * (1L + limits.quotas().replicaLimit()), Limit.REPLICA_LIMIT)
        .or(bySubscriptions, Limit.SUBSCRIPTION_QUOTA)
        .or(byStages, Limit.STAGE_QUOTA);
  }

  /** While nobody publishes, somebody is about to. */
  private static long publishers(Stage stage) {
    return Math.max(1, stage.publishers());
  }

  private StageCeiling or(long other, Limit why) {
    return other < stages ? new StageCeiling((int) Math.max(1, other), why) : this;
  }
}
