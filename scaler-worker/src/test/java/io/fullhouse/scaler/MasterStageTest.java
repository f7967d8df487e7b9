package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.redis.RedisAnswer.awaitNullable;
import static io.fullhouse.scaler.Loads.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.scaler.StageFleet.Lookup;
import io.fullhouse.testing.MutableTime;
import io.fullhouse.testing.RedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RedisExtension.class)
final class MasterStageTest {
  private static final Instant START = Instant.parse("2026-11-22T20:00:00Z");
  private static final Endpoints ENDPOINTS =
      new Endpoints("wss://events.example", "https://whip.example", START);
  private static final Lookup FOUND = new Lookup.Found("main-show", Optional.of(ENDPOINTS));
  private static final Lookup AWAY = new Lookup.Unavailable("no answer");
  private static final Lookup MISSING = new Lookup.Missing("no such stage");

  private final MutableTime time = MutableTime.at(START);
  private final ScalerMetrics metrics = new ScalerMetrics(new MetricRegistry());
  private final Redis redis;
  private final RedisKeys keys;
  private final MasterStage master;

  MasterStageTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.master = restarted();
  }

  private MasterStage restarted() {
    Lease lease = TestLease.held(redis, keys);
    return new MasterStage(
        MASTER,
        50,
        new StageRegistry(
            redis,
            keys,
            () -> {
              lease.step(); // some tests take everything away
              return lease.token();
            }),
        new StageMetadataStore(redis, keys, metrics),
        time,
        metrics);
  }

  @Test
  void nothing_is_registered_before_ivs_was_asked() {
    master.keep();

    assertThat(registered()).isEmpty();
    assertThat(master.trouble()).contains("not registered yet");
  }

  @Test
  void registers_the_stage_and_describes_it() {
    master.lookedUp(FOUND);
    master.keep();

    assertThat(registered()).contains(0.0);
    assertThat(stored())
        .contains(
            new StageMetadata(
                "main-show", MASTER, false, START, "active", 50, Optional.of(ENDPOINTS)));
    assertThat(await(redis.commands().ttl(keys.stageMetadata(MASTER)))).isBetween(3595L, 3600L);
    assertThat(master.trouble()).isEmpty();
  }

  @Test
  void registers_the_stage_while_ivs_is_away_and_describes_it_with_what_is_known() {
    master.lookedUp(AWAY);
    master.keep();

    assertThat(registered()).contains(0.0);
    assertThat(stored().orElseThrow().name()).isEqualTo(MASTER.id());
    assertThat(master.trouble()).isEmpty();
    assertThat(master.ivsTrouble()).contains("no answer");

    master.lookedUp(FOUND);
    master.refresh();

    assertThat(stored().orElseThrow().name()).isEqualTo("main-show");
    assertThat(master.ivsTrouble()).isEmpty();
  }

  @Test
  void does_not_register_a_stage_that_ivs_does_not_have() {
    master.lookedUp(MISSING);
    master.keep();
    master.refresh();
    master.lookedUp(AWAY);
    master.keep();

    assertThat(registered()).isEmpty();
    assertThat(stored()).isEmpty();
    assertThat(master.trouble().orElseThrow()).contains("no such stage");

    master.lookedUp(FOUND);
    master.keep();
    assertThat(registered()).contains(0.0);
    assertThat(master.trouble()).isEmpty();
  }

  @Test
  void counts_the_viewers_who_are_there_already_after_data_was_lost() {
    await(redis.commands().hset(keys.heartbeats(MASTER), Map.of("anna", "{}", "ben", "{}")));
    // Joined and not folded yet.
    await(redis.commands().hset(keys.viewerJoining(), "cleo", "9-0|" + MASTER + "|p|a"));
    master.lookedUp(FOUND);
    master.keep();

    assertThat(registered()).contains(3.0);
  }

  @Test
  void leaves_the_seats_of_a_registered_stage_as_they_are() {
    await(redis.commands().zadd(keys.stages(), 7, MASTER.value()));
    master.lookedUp(FOUND);
    master.keep();
    master.keep();

    assertThat(registered()).contains(7.0);
    assertThat(metrics.registrations.getCount()).isZero();
  }

  @Test
  void puts_back_what_somebody_deleted() {
    master.lookedUp(FOUND);
    master.keep();
    await(redis.commands().flushall());
    master.keep();

    assertThat(registered()).contains(0.0);
    assertThat(stored()).isPresent();
    assertThat(metrics.registrations.getCount()).isEqualTo(2);
  }

  @Test
  void refreshing_keeps_the_time_of_creation_and_renews_the_time_to_live() {
    master.lookedUp(FOUND);
    master.keep();
    await(redis.commands().expire(keys.stageMetadata(MASTER), 60));
    time.advance(Duration.ofMinutes(10));
    master.refresh();

    assertThat(stored().orElseThrow().createdAt()).isEqualTo(START);
    assertThat(await(redis.commands().ttl(keys.stageMetadata(MASTER)))).isGreaterThan(3590);
  }

  @Test
  void a_restart_without_ivs_keeps_what_was_stored() {
    master.lookedUp(FOUND);
    master.keep();
    time.advance(Duration.ofDays(1));
    MasterStage restarted = restarted();
    restarted.lookedUp(AWAY);
    restarted.refresh();

    assertThat(stored())
        .contains(
            new StageMetadata(
                "main-show", MASTER, false, START, "active", 50, Optional.of(ENDPOINTS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1]", "{\"arn\":\"arn:aws:ivs:us-east-1:1:stage/other\"}"})
  void damaged_metadata_is_written_anew(String damage) {
    master.lookedUp(FOUND);
    await(redis.commands().set(keys.stageMetadata(MASTER), damage));
    master.refresh();

    assertThat(stored().orElseThrow().name()).isEqualTo("main-show");
    assertThat(metrics.metadataRepaired.getCount()).isEqualTo(1);
  }

  @Test
  void metadata_that_was_made_another_type_is_written_anew() {
    master.lookedUp(FOUND);
    await(redis.commands().lpush(keys.stageMetadata(MASTER), "x"));
    master.refresh();

    assertThat(stored()).isPresent();
  }

  private Optional<Double> registered() {
    return Optional.ofNullable(
        awaitNullable(redis.commands().zscore(keys.stages(), MASTER.value())));
  }

  private Optional<StageMetadata> stored() {
    return Optional.ofNullable(awaitNullable(redis.commands().get(keys.stageMetadata(MASTER))))
        .flatMap(StageMetadata::fromJson);
  }
}
