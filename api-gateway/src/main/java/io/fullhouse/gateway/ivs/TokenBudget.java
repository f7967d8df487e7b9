package io.fullhouse.gateway.ivs;

import io.fullhouse.redis.CallBudget.Grant;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Whether one more token may be asked of IVS, for all gateways of the account together. */
public interface TokenBudget {
  /** Takes one call if it can be made within the patience; who is granted it waits first. */
  CompletionStage<Grant> reserve(Duration patience);
}
