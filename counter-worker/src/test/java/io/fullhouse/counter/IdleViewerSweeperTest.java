package io.fullhouse.counter;

import static io.fullhouse.counter.HandWrittenLog.STAGE;
import static io.fullhouse.counter.HandWrittenLog.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Swept;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
final class IdleViewerSweeperTest {
  private final Redis redis;
  private final RedisKeys keys;
  private HandWrittenLog log;
  private final CounterMetrics metrics = new CounterMetrics(new MetricRegistry());

  IdleViewerSweeperTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.log = new HandWrittenLog(redis, keys);
  }

  @BeforeEach
  void begin() {
    with(Scripts.load());
  }

  /** The same tests of other scripts, in an empty Redis. */
  IdleViewerSweeperTest with(Scripts scripts) {
    log = new HandWrittenLog(redis, keys, scripts);
    RedisAnswer.await(redis.commands().zadd(keys.stages(), 0, STAGE.value()));
    return this;
  }

  @Test
  void two_sweeps_at_once_append_once() {
    log.tick();
    log.joinAll("u", 4);
    log.tickUntil(63);
    log.drain();

    CompletionStage<Swept> one = log.store().sweep(Long.toString(START + 63_000));
    CompletionStage<Swept> other = log.store().sweep(Long.toString(START + 63_000));

    assertThat(RedisAnswer.await(one).expired() + RedisAnswer.await(other).expired()).isEqualTo(4);
    assertThat(log.entries("expire")).containsExactly("u0", "u1", "u2", "u3");
  }

  @Test
  void two_sweeps_at_once_brake_once() {
    log.tick();
    log.joinAll("u", 10);
    log.tickUntil(63);
    log.drain();

    CompletionStage<Swept> one = log.store().sweep(Long.toString(START + 63_000));
    CompletionStage<Swept> other = log.store().sweep(Long.toString(START + 63_000));

    assertThat(RedisAnswer.await(one).braked()).isTrue();
    assertThat(RedisAnswer.await(other).braked()).isFalse();
    assertThat(log.entries("credit")).hasSize(1);
    assertThat(log.entries("expire")).isEmpty();
  }

  @Test
  void what_is_still_in_the_log_counts_as_speech() {
    log.tick();
    log.join("late");
    log.tickUntil(62);
    log.drain();
    log.heartbeat("late"); // in the millisecond of the last tick

    assertThat(log.sweep().expired()).isEqualTo(1);
    log.drain();

    assertThat(log.witness().seats()).containsOnlyKeys("late");
  }

  @Test
  void an_expiry_that_was_not_folded_yet_is_not_said_again_before_a_timeout() {
    log.tick();
    log.join("gone");
    log.tickUntil(63);
    log.drain();
    log.sweep();
    log.at(65);
    log.tick();
    RedisAnswer.await(redis.commands().hset(keys.fold(), "clock", Long.toString(START + 65_000)));

    assertThat(log.sweep().expired()).isZero();
  }

  @Test
  void who_went_and_came_back_in_between_stays() {
    log.tick();
    log.join("u");
    log.tickUntil(63);
    log.drain();
    log.leave("u");
    log.join("u");

    log.sweep();
    log.drain();

    assertThat(log.witness().seats()).containsOnlyKeys("u");
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));
  }

  @Test
  void a_turn_looks_at_everybody_who_is_due() {
    log.tick();
    log.joinAll("u", 1_190);
    log.joinAll("v", 10); // looked at last
    log.tickUntil(30);
    log.heartbeatAll("u", 1_190);
    log.tickUntil(63);
    log.drain();

    Duration pause = new IdleViewerSweeper(log.store(), Duration.ofSeconds(5), metrics).run();

    assertThat(pause).isEqualTo(Duration.ofSeconds(5));
    assertThat(metrics.expired.getCount()).isEqualTo(10);
    assertThat(metrics.braked.getCount()).isZero();
    log.drain();
    assertThat(log.witness().seats()).hasSize(1_190);
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1190"));
  }

  @Test
  void the_deadline_of_nobody_is_dropped() {
    log.tick();
    log.join("u");
    log.tickUntil(10);
    log.drain();
    RedisAnswer.await(
        redis.commands().zadd(keys.viewerDeadline(), START, "left-by-a-failed-drain"));

    assertThat(log.sweep().lookedAt()).isEqualTo(1);

    assertThat(log.witness().deadlines()).containsOnlyKeys("u");
  }

  @Test
  void before_anybody_ticked_nobody_is_silent() {
    log.join("u");
    log.drain();
    log.at(10_000);

    assertThat(log.sweep()).isEqualTo(new Swept(0, 0, false, 0, 0));
  }

  @Test
  void who_took_a_seat_and_was_never_heard_is_gone_after_the_timeout_and_counted() {
    log.tick();
    log.joinAll("heard", 1);
    log.joinAll("squatter", 2);
    log.tickUntil(5);
    log.heartbeatAll("heard", 1);
    log.tickUntil(68);
    log.drain();
    long before = metrics.unheard.getCount();

    new IdleViewerSweeper(log.store(), Duration.ofSeconds(5), metrics).run();
    log.drain();

    assertThat(log.entries("expire")).hasSize(3);
    assertThat(metrics.unheard.getCount() - before).isEqualTo(2);
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "0"));
  }

  @Test
  void who_left_is_remembered_for_ten_minutes() {
    log.tick();
    log.join("u");
    log.leave("u");
    log.tickUntil(600);
    log.drain();
    log.sweep();
    assertThat(log.witness().closed()).containsOnlyKeys("au");

    log.tickUntil(602);
    log.drain();
    log.sweep();
    assertThat(log.witness().closed()).isEmpty();
  }

  @Test
  void a_seat_held_for_a_token_that_never_came_is_given_back() {
    log.reserve("u", STAGE.value(), 10);
    assertThat(log.at(9).sweep().lapsed()).isZero();
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));

    assertThat(log.at(10).sweep().lapsed()).isEqualTo(1);

    assertThat(log.witness().reserved()).isEmpty();
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "0"));
  }

  @Test
  void the_seat_of_a_join_that_cannot_be_read_is_given_back() {
    log.append(
        LogWriter.bytes("t", "join", "s", STAGE.value(), "u", "u", "p", "not one", "v", "1"), true);
    assertThat(log.sweep().lapsed()).isZero(); // may be folded yet
    log.drain();
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));

    assertThat(log.sweep().lapsed()).isEqualTo(1);

    assertThat(log.witness().joining()).isEmpty();
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "0"));
  }

  @Test
  void damaged_reservations_and_joins_give_their_seats_back() {
    log.join("watching");
    log.drain();
    log.reserve("held", STAGE.value(), 10);
    log.join("joining");
    RedisAnswer.await(redis.commands().hset(keys.viewerReserved(), "held", "?"));
    RedisAnswer.await(redis.commands().hset(keys.viewerJoining(), "joining", "?"));
    RedisAnswer.await(redis.commands().del(keys.events())); // the join is lost, too

    assertThat(log.sweep().lapsed()).isEqualTo(2);

    assertThat(log.witness().joining()).isEmpty();
    assertThat(log.witness().reserved()).isEmpty();
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));
  }

  @Test
  void a_damaged_value_costs_its_own_presence_only() {
    log.tick();
    log.join("damaged");
    log.join("well");
    log.tickUntil(50);
    log.heartbeat("damaged");
    log.heartbeat("well");
    log.drain();
    RedisAnswer.await(redis.commands().hset(keys.heartbeats(STAGE), "damaged", "{\"timestamp\":"));
    log.tickUntil(63);
    log.drain();

    log.sweep();
    log.drain();

    assertThat(log.witness().seats()).containsOnlyKeys("well");
    assertThat(log.witness().counts()).isEqualTo(Map.of(STAGE.value(), "1"));
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));
  }

  @Test
  void a_stage_whose_hash_has_another_type_costs_its_own_viewers_only() {
    String other = RandomLog.STAGES[1];
    log.tick();
    log.join("lost", other);
    log.join("silent");
    log.join("well");
    log.tickUntil(50);
    log.heartbeat("well");
    log.drain();
    String broken = keys.prefix() + "viewer:heartbeat:" + other;
    RedisAnswer.await(redis.commands().del(broken));
    RedisAnswer.await(redis.commands().lpush(broken, "not a hash"));
    log.tickUntil(63);
    log.drain();

    log.sweep();
    log.drain();
    assertThat(log.witness().seats()).containsOnlyKeys("well", "lost");
    assertThat(log.witness().deadLetters()).hasSize(1);

    RedisAnswer.await(redis.commands().del(broken));
    log.tickUntil(126);
    log.heartbeat("well");
    log.drain();
    log.sweep();
    log.drain();
    assertThat(log.witness().seats()).containsOnlyKeys("well");
    assertThat(log.witness().announced()).containsEntry("total", "1");
  }

  @Test
  void a_damaged_clock_counts_as_not_set() {
    log.tick();
    log.join("u");
    log.drain();
    RedisAnswer.await(redis.commands().hset(keys.fold(), "clock", "soon"));
    RedisAnswer.await(redis.commands().hset(keys.fold(), "floor", "?"));
    assertThat(log.at(63).sweep().expired()).isZero();

    log.tick();
    log.drain();

    assertThat(log.sweep().expired()).isZero();
    assertThat(log.witness().deadLetters()).isEqualTo(List.of());
    assertThat(LiveState.read(log.store(), 0).foldFields())
        .containsEntry("clock", Long.toString(START + 63_000))
        .containsEntry("floor", Long.toString(START + 63_000));
  }
}
