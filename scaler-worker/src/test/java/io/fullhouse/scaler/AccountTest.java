package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.scaler.Loads.MASTER;
import static io.fullhouse.scaler.Loads.NOW;
import static io.fullhouse.scaler.Loads.arn;
import static io.fullhouse.scaler.Loads.extra;
import static io.fullhouse.scaler.Loads.load;
import static io.fullhouse.scaler.Loads.master;
import static io.fullhouse.scaler.Loads.withPublishers;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.redis.AccountKeys;
import io.fullhouse.redis.AccountUsage;
import io.fullhouse.redis.CallBudget;
import io.fullhouse.redis.Redis;
import io.fullhouse.scaler.ScalingInput.Elsewhere;
import io.fullhouse.scaler.StageCeiling.Limit;
import io.fullhouse.testing.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two broadcasts of one account on one Redis. */
@ExtendWith(RedisExtension.class)
final class AccountTest {
  private static final AccountKeys KEYS = AccountKeys.of("ivs:account:", MASTER);
  private static final Duration OLD = Duration.ofHours(1);

  /** Allows two full stages. */
  private static final ScalingLimits LIMITS =
      Loads.limits(50, 20, "0.8", 5, OLD, 0, new IvsQuotas(100, 1_000, 10_000, 100, 50));

  private final Redis redis;
  private final Account first;
  private final Account second;

  AccountTest(Redis redis) {
    this.redis = redis;
    this.first = account("ivs:prod:");
    this.second = account("ivs:other:");
  }

  private Account account(String prefix) {
    Broadcast broadcast = new Broadcast(new BroadcastId("main"), prefix);
    return new Account(
        redis, new AccountUsage(KEYS, broadcast), new CallBudget(KEYS.callBudget(), 4, 4));
  }

  private static Observation seen(StageLoad load) {
    return new Observation(
        NOW, load, Map.of(), Map.of(), List.of(), false, "", false, Map.of(), "");
  }

  private static StageCeiling ceiling(Account account, StageLoad load) {
    Foresight foresight =
        new Foresight(
            new JoinRate(Duration.ofSeconds(30), Duration.ofSeconds(60)),
            PrewarmSchedule.NONE,
            LIMITS,
            MASTER);
    Observation seen = seen(load);
    return StageCeiling.of(foresight.look(seen, account.exchange(seen).elsewhere()), LIMITS);
  }

  @Test
  void a_budget_that_fits_one_broadcast_leaves_the_other_its_master() {
    StageLoad full = load(master(50), extra(1, 50, OLD));

    assertThat(ceiling(first, full)).isEqualTo(new StageCeiling(2, Limit.SUBSCRIPTION_QUOTA));
    assertThat(ceiling(second, load(master(0))))
        .isEqualTo(new StageCeiling(1, Limit.SUBSCRIPTION_QUOTA));
  }

  @Test
  void a_broadcast_that_is_gone_for_ten_minutes_counts_no_more() {
    ceiling(first, load(master(50), extra(1, 50, OLD)));
    long now = Long.parseLong(await(redis.commands().time()).get(0)) * 1_000;
    await(redis.commands().hset(KEYS.usage(), "main ivs:prod:", (now - 600_000) + "|2|100"));

    assertThat(ceiling(second, load(master(0))).stages()).isEqualTo(2);
  }

  @Test
  void each_viewer_counts_once_for_each_publisher_and_a_stage_from_the_time_it_is_asked_for() {
    first.exchange(
        seen(
            new StageLoad(
                List.of(
                    withPublishers(master(7), 3),
                    withPublishers(extra(1, 5, OLD), 0),
                    extra(2, 0, OLD)),
                12,
                load(master(0)).position(),
                load(master(0)).age(),
                2)));

    assertThat(second.exchange(seen(load(master(0)))).elsewhere()).isEqualTo(new Elsewhere(5, 26));
  }

  @Test
  void what_was_read_last_stands_while_the_account_cannot_be_read() {
    first.exchange(seen(load(master(50), extra(1, 50, OLD))));
    Elsewhere before = second.exchange(seen(load(master(0)))).elsewhere();
    await(redis.commands().hset(KEYS.callBudget(), "damaged", arn(1).value()));

    assertThat(before).isEqualTo(new Elsewhere(2, 100));
    assertThat(second.exchange(seen(load(master(0))))).isEqualTo(new Account.Seen(before, 0));
  }
}
