package io.fullhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.Broadcast;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class RedisExtensionTest {
  @RepeatedTest(2)
  void each_test_finds_redis_empty(Redis redis, RedisKeys keys)
      throws ExecutionException, InterruptedException {
    assertThat(redis.commands().dbsize().get()).isZero();

    redis.commands().set(keys.totalViewers(), "1").get();
    assertThat(redis.commands().dbsize().get()).isEqualTo(1);
  }

  @Test
  void gives_the_keys_of_the_test_broadcast(Broadcast broadcast, RedisKeys keys) {
    assertThat(broadcast.id().value()).isEqualTo("main");
    assertThat(keys.prefix()).isEqualTo(broadcast.keyPrefix()).contains("ivs:test");
  }

  @Test
  void everybody_shares_one_connection(Redis one, Redis other) {
    assertThat(one).isSameAs(other);
  }
}
