package io.fullhouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.redis.RedisSettings;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Two gateways, one Redis. */
@TestInstance(Lifecycle.PER_CLASS)
final class SharedBucketsTest {
  private static final Broadcast MAIN = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private static final Rate TEN_A_MINUTE = new Rate(10, Duration.ofMinutes(1));

  private final RedisProcess server = RedisProcess.start(RedisOptions.defaults());
  private final Redis redis = Redis.create(RedisSettings.parse(server.uri(), null, MAIN));
  private final MutableTime time = MutableTime.fromNow();
  private final SharedBuckets one = buckets();
  private final SharedBuckets two = buckets();

  private SharedBuckets buckets() {
    Redis.Connection<byte[]> connection =
        redis.connection(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    return new SharedBuckets(
        new SharedBuckets.Redis() {
          @Override
          public <T> CompletionStage<T> call(
              Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
            return command.apply(connection.commands());
          }
        },
        time,
        Duration.ofSeconds(5));
  }

  @AfterAll
  void end() {
    redis.close();
    server.close();
  }

  private static String key(String subject) {
    return RedisKeys.of(MAIN).limit("join", "10/m", subject);
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void gateways_that_take_at_once_never_take_more_than_there_is() {
    List<CompletableFuture<Quota>> asked =
        IntStream.range(0, 60)
            .mapToObj(i -> (i % 2 == 0 ? one : two).take(key("crowd"), TEN_A_MINUTE))
            .map(CompletionStage::toCompletableFuture)
            .toList();

    assertThat(asked.stream().map(SharedBucketsTest::now).filter(Quota::granted)).hasSize(10);
    assertThat(now(one.take(key("other"), TEN_A_MINUTE)).granted()).isTrue();
  }

  @Test
  void an_empty_bucket_says_when_to_come_back_and_then_has_one() {
    for (int left = 9; left >= 0; left--) {
      Quota quota = now(one.take(key("s"), TEN_A_MINUTE));
      assertThat(quota.granted()).isTrue();
      assertThat(quota.remaining()).isEqualTo(left);
    }
    Quota refused = now(two.take(key("s"), TEN_A_MINUTE));
    assertThat(refused.granted()).isFalse();
    assertThat(refused.pauseSeconds()).isEqualTo(6);

    time.advance(Duration.ofSeconds(6));
    assertThat(now(two.take(key("s"), TEN_A_MINUTE)).granted()).isTrue();
    assertThat(now(one.take(key("s"), TEN_A_MINUTE)).granted()).isFalse();
  }

  @Test
  void what_was_let_through_already_may_be_owed() {
    assertThat(now(one.debit(key("d"), TEN_A_MINUTE, 4))).isEqualTo(6);
    assertThat(now(two.debit(key("d"), TEN_A_MINUTE, 8))).isEqualTo(-2);
    assertThat(now(one.take(key("d"), TEN_A_MINUTE)).granted()).isFalse();
  }

  @Test
  void a_damaged_key_costs_nobody_more_than_its_bucket() {
    for (String damage : List.of("", "x", "no bucket at all", "\0\0\0\0\0\0\0\0\0\0")) {
      now(redis.commands().set(key("damaged"), damage));
      assertThat(now(one.take(key("damaged"), TEN_A_MINUTE)).remaining()).as(damage).isEqualTo(9);
      now(redis.commands().set(key("damaged"), damage));
      assertThat(now(one.debit(key("damaged"), TEN_A_MINUTE, 2))).as(damage).isEqualTo(8);
    }
    now(redis.commands().del(key("damaged")));
    now(redis.commands().lpush(key("damaged"), "a list"));
    assertThat(now(two.take(key("damaged"), TEN_A_MINUTE)).remaining()).isEqualTo(9);
  }

  @Test
  void a_key_is_gone_when_its_bucket_is_full_again() {
    now(one.take(key("ttl"), TEN_A_MINUTE));

    assertThat(now(redis.commands().pttl(key("ttl")))).isBetween(1L, 7_000L);
    now(one.debit(key("ttl"), TEN_A_MINUTE, 9));
    assertThat(now(redis.commands().pttl(key("ttl")))).isBetween(50_000L, 61_000L);
  }
}
