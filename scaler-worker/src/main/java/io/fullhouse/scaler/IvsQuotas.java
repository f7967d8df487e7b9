package io.fullhouse.scaler;

/**
 * What IVS allows an account in a Region (AWS service quotas, Amazon IVS Real-Time Streaming).
 *
 * @param replicaLimit stages beside its own on which one publisher may be; 5, not adjustable
 * @param stagesPerRegion stages of the account; 1,000, adjustable
 * @param subscribersPerStage 10,000, adjustable, by AWS's word up to 25,000
 * @param subscriptionBudget connections from a publisher to a subscriber, all stages together: who
 *     watches a stage of three publishers has three; 20,000, adjustable
 * @param tokensPerSecond calls of CreateParticipantToken a second; 50, not adjustable
 */
record IvsQuotas(
    int replicaLimit,
    int stagesPerRegion,
    int subscribersPerStage,
    long subscriptionBudget,
    int tokensPerSecond) {
  /** An account as AWS makes it. */
  static final IvsQuotas DEFAULT = new IvsQuotas(5, 1_000, 10_000, 20_000, 50);

  /**
   * @throws IllegalArgumentException with a line for the operator
   */
  IvsQuotas {
    if (replicaLimit < 0
        || stagesPerRegion < 1
        || subscribersPerStage < 1
        || subscriptionBudget < 1
        || tokensPerSecond < 1) {
      throw new IllegalArgumentException(
          "REPLICA_LIMIT is 0 or more, IVS_STAGES_PER_REGION, IVS_SUBSCRIBERS_PER_STAGE,"
              + " SUBSCRIPTION_BUDGET and IVS_TOKENS_PER_SECOND are 1 or more");
    }
  }
}
