package io.fullhouse.redis;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.AccountUsage.Usage;
import io.fullhouse.testing.RedisExtension;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class AccountUsageTest {
  private static final AccountKeys KEYS =
      AccountKeys.of(
          "ivs:account:", new StageArn("arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456"));
  private static final Usage NOTHING = new Usage(0, 0);

  /** Epoch ms. */
  private static final long START = 1_800_000_000_000L;

  private final Redis redis;
  private final AccountUsage first = usage("main", "ivs:prod:");
  private final AccountUsage second = usage("main", "ivs:other:");

  AccountUsageTest(Redis redis) {
    this.redis = redis;
  }

  private static AccountUsage usage(String broadcast, String prefix) {
    return new AccountUsage(KEYS, new Broadcast(new BroadcastId(broadcast), prefix));
  }

  private Usage exchange(AccountUsage usage, Usage own) {
    return await(usage.exchange(redis.commands(), own));
  }

  private Usage at(long seconds, AccountUsage usage, Usage own) {
    return await(usage.exchange(redis.commands(), Long.toString(START + seconds * 1_000), own));
  }

  @Test
  void each_sees_what_all_others_said_last_and_never_itself() {
    assertThat(exchange(first, new Usage(3, 400))).isEqualTo(NOTHING);
    assertThat(exchange(first, new Usage(2, 300))).isEqualTo(NOTHING);

    assertThat(exchange(second, new Usage(1, 10))).isEqualTo(new Usage(2, 300));
    assertThat(exchange(usage("b2", "ivs:prod:"), NOTHING)).isEqualTo(new Usage(3, 310));
  }

  @Test
  void a_broadcast_that_says_nothing_for_ten_minutes_uses_nothing() {
    at(0, first, new Usage(2, 300));

    assertThat(at(599, second, NOTHING)).isEqualTo(new Usage(2, 300));
    assertThat(at(600, second, NOTHING)).isEqualTo(NOTHING);
    assertThat(await(redis.commands().hlen(KEYS.usage()))).isEqualTo(1);
  }

  @Test
  void the_account_forgets_itself_when_nobody_is_left() {
    exchange(first, NOTHING);

    assertThat(await(redis.commands().pttl(KEYS.usage()))).isBetween(1L, 600_000L);
  }

  @Test
  void what_cannot_be_read_costs_itself_alone() {
    exchange(first, new Usage(2, 300));
    await(
        redis
            .commands()
            .hset(
                KEYS.usage(),
                Map.of(
                    "x", "", "y", "9999999999999|1|1", "z", "1|-1|many", "long", "1".repeat(99))));

    assertThat(exchange(second, NOTHING)).isEqualTo(new Usage(2, 300));
    assertThat(await(redis.commands().hlen(KEYS.usage()))).isEqualTo(2);
  }

  @Test
  void a_key_of_another_type_is_written_anew() {
    await(redis.commands().set(KEYS.usage(), "damaged"));

    assertThat(exchange(first, new Usage(2, 300))).isEqualTo(NOTHING);
    assertThat(exchange(second, NOTHING)).isEqualTo(new Usage(2, 300));
  }
}
