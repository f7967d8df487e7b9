package io.fullhouse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.StageArn;
import io.fullhouse.redis.CallBudget.Grant;
import io.fullhouse.testing.RedisExtension;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class CallBudgetTest {
  private static final AccountKeys KEYS =
      AccountKeys.of(
          "ivs:account:", new StageArn("arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456"));
  private static final String KEY = KEYS.tokenBudget();

  /** Epoch seconds. */
  private static final long START = 1_800_000_000L;

  private final Redis redis;
  private final Broadcast broadcast;

  CallBudgetTest(Redis redis, Broadcast broadcast) {
    this.redis = redis;
    this.broadcast = broadcast;
  }

  /** One call comes back every ten seconds: the key outlives a slow test. */
  private final CallBudget budget = new CallBudget(KEY, 0.1, 5);

  @Test
  void a_full_bucket_gives_its_burst_and_then_says_how_long_to_wait() {
    assertThat(at(0, 3)).isEqualTo(new Grant(true, Duration.ZERO));
    assertThat(at(0, 2)).isEqualTo(new Grant(true, Duration.ZERO));

    assertThat(at(0, 1)).isEqualTo(new Grant(false, Duration.ofSeconds(10)));
    assertThat(at(0, 5)).isEqualTo(new Grant(false, Duration.ofSeconds(50)));
  }

  @Test
  void it_fills_with_time_and_never_beyond_its_burst() {
    at(0, 5);

    assertThat(at(9, 1).granted()).isFalse();
    assertThat(at(10, 1).granted()).isTrue();
    assertThat(at(10, 1).granted()).isFalse();
    assertThat(at(3_600, 5).granted()).isTrue();
    assertThat(at(3_600, 1).granted()).isFalse();
  }

  @Test
  void a_throttled_call_makes_everybody_pause_even_when_all_are_reserved() {
    CallBudget fast = new CallBudget(KEY, 20, 100);
    long start = System.nanoTime();
    Grant before = RedisAnswer.await(fast.reserve(redis.commands(), 100, Duration.ZERO));

    RedisAnswer.await(fast.pause(redis.commands()));
    RedisAnswer.await(fast.pause(redis.commands()));

    Grant after = RedisAnswer.await(fast.take(redis.commands(), 100));
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    assertThat(before.granted()).isTrue();
    assertThat(after.granted()).isFalse();
    Duration all = Duration.ofMillis(50 * (100 + 2 + 2)); // one call each 50 ms
    assertThat(after.delay()).as("less what came back").isBetween(all.minus(passed), all);
  }

  @Test
  void who_has_patience_is_given_a_time_and_nobody_overtakes() {
    at(0, 5);
    Duration patience = Duration.ofSeconds(20);

    assertThat(at(0, 1, patience)).isEqualTo(new Grant(true, Duration.ofSeconds(10)));
    assertThat(at(0, 1, patience)).isEqualTo(new Grant(true, Duration.ofSeconds(20)));
    assertThat(at(0, 1, patience)).isEqualTo(new Grant(false, Duration.ofSeconds(10)));
    assertThat(at(15, 1).granted()).isFalse();
    assertThat(at(30, 1).granted()).isTrue();
  }

  @Test
  void a_clock_that_jumps_back_gives_nothing_away() {
    at(100, 5);

    assertThat(at(0, 1).granted()).isFalse();
    assertThat(at(110, 1).granted()).isTrue();
  }

  @Test
  void a_damaged_key_costs_a_burst_and_mends_itself() {
    List<Runnable> damages =
        List.of(
            () -> RedisAnswer.await(redis.commands().set(KEY, "garbage")),
            () -> RedisAnswer.await(redis.commands().set(KEY, "9".repeat(40))),
            () -> RedisAnswer.await(redis.commands().lpush(KEY, "x")));
    assertThat(damages)
        .allSatisfy(
            damage -> {
              RedisAnswer.await(redis.commands().del(KEY));
              damage.run();
              assertThat(at(0, 1)).isEqualTo(new Grant(false, Duration.ofSeconds(10)));
              assertThat(at(0, 1, Duration.ofSeconds(10)).granted()).isTrue();
              assertThat(at(20, 1).granted()).isTrue();
            });
  }

  @Test
  void a_full_bucket_leaves_no_key_behind() {
    RedisAnswer.await(budget.take(redis.commands(), 1));

    assertThat(RedisAnswer.await(redis.commands().pttl(KEY))).isBetween(1L, 10_000L);
  }

  @Test
  void many_threads_on_two_connections_together_get_no_more_than_the_budget() throws Exception {
    CallBudget shared = new CallBudget(KEY, 200, 20);
    Redis.Connection<String> other = redis.connection(StringCodec.UTF8);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      long start = System.nanoTime();
      List<Callable<Integer>> callers =
          Stream.of(redis.commands(), other.commands())
              .flatMap(connection -> Stream.generate(() -> connection).limit(4))
              .<Callable<Integer>>map(connection -> () -> takeUntil(end, shared, connection))
              .toList();
      int taken = 0;
      for (Future<Integer> caller : threads.invokeAll(callers)) {
        taken += caller.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;

      assertThat(taken).isLessThanOrEqualTo((int) (200 * seconds + 20)).isGreaterThan(150);
    } finally {
      threads.shutdownNow();
      other.close();
    }
  }

  private static int takeUntil(
      long end, CallBudget budget, RedisClusterAsyncCommands<String, String> redis) {
    int taken = 0;
    while (System.nanoTime() < end) {
      taken += RedisAnswer.await(budget.take(redis, 1)).granted() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void redis_that_hangs_lets_nothing_through_and_says_so_in_time() {
    try (RedisProcess server = RedisProcess.start(RedisOptions.defaults());
        Redis away = Redis.create(RedisSettings.parse(server.uri(), null, broadcast))) {
      assertThat(RedisAnswer.await(budget.take(away.commands(), 1)).granted()).isTrue();
      server.suspend();
      long start = System.nanoTime();

      assertThatThrownBy(() -> RedisAnswer.await(budget.take(away.commands(), 1)))
          .isInstanceOf(RedisException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      server.resume();
    }
  }

  @Test
  void what_can_never_be_granted_is_not_asked_for() {
    assertThatIllegalArgumentException().isThrownBy(() -> at(0, 6));
    assertThatIllegalArgumentException().isThrownBy(() -> at(0, 1, Duration.ofMinutes(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> new CallBudget(KEY, 0, 1));
  }

  @Test
  void the_keys_of_an_account_lie_in_one_slot_of_their_own() {
    assertThat(KEY).isEqualTo("ivs:account:{123456789012:eu-west-1}:token-budget");
    assertThat(KEYS.callBudget()).contains("{123456789012:eu-west-1}").isNotEqualTo(KEY);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AccountKeys.of("", new StageArn("arn:aws:ivs:eu-west-1:123456789012:stage/a")));
  }

  private Grant at(long second, int calls) {
    return at(second, calls, Duration.ZERO);
  }

  private Grant at(long second, int calls, Duration patience) {
    String now = Long.toString(TimeUnit.SECONDS.toMicros(START + second));
    return RedisAnswer.await(budget.reserve(redis.commands(), now, calls, patience));
  }
}
