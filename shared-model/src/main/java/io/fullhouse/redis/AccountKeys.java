package io.fullhouse.redis;

import io.fullhouse.model.StageArn;

/**
 * The data dictionary of what all broadcasts of one AWS account and Region share, because AWS
 * counts it there.
 *
 * <p>The keys carry a hash tag of their own, {@code {account:region}}: on a cluster they lie in one
 * slot, which is nobody's broadcast, and no script of a broadcast touches them. Two accounts on one
 * Redis do not share.
 */
public final class AccountKeys {
  private final String prefix;

  private AccountKeys(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The keys of one account and Region.
   *
   * @param prefix {@code ACCOUNT_KEY_PREFIX}; a hash tag in it goes before ours
   * @param stage any stage of the account: its ARN names account and Region
   * @throws IllegalArgumentException when the prefix is empty, overlong or not printable ASCII
   */
  public static AccountKeys of(String prefix, StageArn stage) {
    if (!prefix.matches("[!-~]{1,64}")) {
      throw new IllegalArgumentException(
          "ACCOUNT_KEY_PREFIX has 1 to 64 printable ASCII characters, not '" + prefix + "'");
    }
    return new AccountKeys(prefix + "{" + stage.account() + ":" + stage.region() + "}:");
  }

  /**
   * String: the {@link CallBudget} of {@code CreateParticipantToken}. TTL: until it is full again.
   * Written by the gateways.
   */
  public String tokenBudget() {
    return prefix + "token-budget";
  }

  /**
   * String: the {@link CallBudget} of the other calls to IVS. TTL: until it is full again. Written
   * by the scaler.
   */
  public String callBudget() {
    return prefix + "call-budget";
  }

  /**
   * Hash, broadcast and its key prefix to {@code epoch ms|stages|subscriptions}: the {@link
   * AccountUsage} of each. TTL ten minutes; a field as old as that is dropped. Written by the
   * scalers, each its own, in each pass.
   */
  public String usage() {
    return prefix + "usage";
  }
}
