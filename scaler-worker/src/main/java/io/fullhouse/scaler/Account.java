package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;

import io.fullhouse.redis.AccountUsage;
import io.fullhouse.redis.AccountUsage.Usage;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.Redis;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.StageLoad.Stage;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this broadcast shares with the others of its AWS account and Region. For one thread.
 *
 * <p>Throws nothing: on a cluster these keys lie elsewhere than the broadcast's, and while they
 * cannot be read what was read last stands.
 */
final class Account {
  private static final Logger log = LoggerFactory.getLogger(Account.class);

  private final Redis redis;
  private final AccountUsage usage;
  private final CallBudget budget;
  private Seen last = new Seen(Elsewhere.NOTHING, 0);
  private boolean away;

  /**
   * One look.
   *
   * @param callsLeft to IVS that could be made at once
   */
  record Seen(Elsewhere elsewhere, int callsLeft) {}

  Account(Redis redis, AccountUsage usage, CallBudget budget) {
    this.redis = redis;
    this.usage = usage;
    this.budget = budget;
  }

  /** Tells the others what we use, and sees what they do; one trip. */
  Seen exchange(Observation seen) {
    CompletionStage<Usage> others = usage.exchange(redis.commands(), own(seen.load()));
    CompletionStage<Integer> left = budget.left(redis.commands(), seen.at());
    try {
      Usage elsewhere = await(others);
      last = new Seen(new Elsewhere(elsewhere.stages(), elsewhere.subscriptions()), await(left));
      away = false;
    } catch (RedisException e) {
      last = new Seen(last.elsewhere(), 0);
      if (!away) {
        away = true;
        log.warn("what the account has left cannot be read: {}", e.getMessage());
      }
    }
    return last;
  }

  /** Of stages that exist; while nobody publishes, somebody is about to. */
  private static Usage own(StageLoad load) {
    return new Usage(
        load.existing(), load.stages().stream().mapToLong(Account::subscriptions).sum());
  }

  private static long subscriptions(Stage stage) {
    return Math.max(0, stage.audience()) * Math.max(1, stage.publishers());
  }
}
