package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static io.fullhouse.scaler.Loads.MASTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class LeaseTest {
  private static final Duration LIFE = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> takings = new ArrayList<>();
  private final Redis redis;
  private final RedisKeys keys;

  LeaseTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  private Lease scaler(String name) {
    return new Lease(redis, keys, name, LIFE, () -> takings.add(name), nanos::get);
  }

  @Test
  void one_scaler_acts_and_the_others_stand_by() {
    Lease first = scaler("first");
    Lease second = scaler("second");
    first.step();
    second.step();
    first.step();

    assertThat(first.token()).isPresent();
    assertThat(second.token()).isEmpty();
    assertThat(takings).containsExactly("first");
    assertThat(await(redis.commands().pttl(keys.scalerLease()))).isBetween(1L, LIFE.toMillis());
  }

  @Test
  void what_is_given_back_or_lapses_goes_to_the_next() {
    Lease first = scaler("first");
    Lease second = scaler("second");
    first.step();
    first.giveBack();
    second.step();
    assertThat(second.token()).isPresent();

    await(redis.commands().del(keys.scalerLease())); // as Redis does when its time is over
    first.step();
    second.step();

    assertThat(first.token()).isPresent();
    assertThat(second.token()).isEmpty();
    assertThat(takings).containsExactly("first", "second", "first");
  }

  @Test
  void nobody_gives_back_what_another_has() {
    Lease first = scaler("first");
    first.step();
    scaler("second").giveBack();

    assertThat(awaitNullable(redis.commands().get(keys.scalerLease()))).endsWith("|first");
  }

  @Test
  void a_scaler_that_was_frozen_does_not_act_by_its_own_clock() {
    Lease first = scaler("first");
    first.step();
    nanos.addAndGet(LIFE.toNanos());

    assertThat(first.token()).isEmpty();
  }

  @Test
  void a_scaler_that_was_frozen_and_does_not_know_it_writes_nothing() {
    Lease frozen = scaler("frozen");
    frozen.step();
    Optional<String> stale = frozen.token();
    StageRegistry registry = new StageRegistry(redis, keys, () -> stale);
    await(redis.commands().del(keys.scalerLease()));
    scaler("next").step();

    assertThatThrownBy(() -> registry.open(MASTER)).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> registry.forget(MASTER)).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> registry.intend("r1", Instant.EPOCH))
        .isInstanceOf(LeaseLostException.class);
    assertThat(await(redis.commands().keys("*"))).containsExactly(keys.scalerLease());
  }
}
