package io.fullhouse.scaler;

import static io.fullhouse.redis.RedisAnswer.await;
import static io.fullhouse.scaler.Loads.MASTER;
import static io.fullhouse.scaler.Loads.arn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.model.StageMetadata;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.scaler.Notice.PublisherWentLive;
import io.fullhouse.scaler.Notice.PublisherWentOffline;
import io.fullhouse.scaler.Notice.ScalingResumed;
import io.fullhouse.scaler.Notice.StageClosed;
import io.fullhouse.scaler.Notice.StageDraining;
import io.fullhouse.scaler.Notice.StageOpened;
import io.fullhouse.scaler.NoticeBoard.Fact;
import io.fullhouse.scaler.StageRegistry.Doors;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A notice stands in the stream if and only if what it tells was written. */
@ExtendWith(RedisExtension.class)
final class NoticeScriptsTest {
  private static final Instant NOW = Loads.NOW;

  private final Redis redis;
  private final RedisKeys keys;
  private final Lease lease;
  private final StageRegistry registry;
  private final NoticeBoard board;

  NoticeScriptsTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.lease = TestLease.held(redis, keys);
    this.registry = new StageRegistry(redis, keys, lease::token);
    this.board = new NoticeBoard(redis, keys, lease::token);
  }

  @BeforeEach
  void act() {
    lease.step();
  }

  private static StageMetadata stage(String state) {
    return new StageMetadata(
        "show-1", arn(1), true, NOW, state, 50, Optional.empty(), Optional.of(MASTER), NOW, "");
  }

  private void open() {
    StageMetadata active = stage(StageMetadata.ACTIVE);
    registry.put(active, Doors.OPEN, new StageOpened(active, ""));
  }

  private void drain() {
    StageMetadata draining = stage(StageMetadata.DRAINING);
    registry.put(draining, Doors.CLOSING, new StageDraining(draining));
  }

  private void close(Doors doors) {
    StageMetadata deleting = stage(StageMetadata.DELETING);
    registry.put(deleting, doors, new StageClosed(deleting, doors == Doors.FORCED));
  }

  private List<String> notices() {
    return await(redis.commands().xrange(keys.notices(), Range.unbounded())).stream()
        .map(entry -> entry.getBody().getOrDefault("notice", ""))
        .map(notice -> notice.replaceAll(".*\"type\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private String lastTaken() {
    return await(redis.commands().xrevrange(keys.notices(), Range.unbounded()))
        .get(0)
        .getBody()
        .getOrDefault("taken", "");
  }

  @Test
  void the_way_of_a_stage_is_told() {
    open();
    drain();
    close(Doors.CLOSED);

    assertThat(notices()).containsExactly("Stage Opened", "Stage Draining", "Stage Closed");
  }

  @Test
  void a_write_that_is_repeated_is_told_once() {
    open();
    open();

    assertThat(notices()).containsExactly("Stage Opened");
  }

  @Test
  void a_stage_with_viewers_does_not_close_and_nothing_is_told() {
    open();
    await(redis.commands().zadd(keys.stages(), 3, arn(1).value()));
    drain();
    close(Doors.CLOSED);

    assertThat(notices()).containsExactly("Stage Opened", "Stage Draining");
    assertThat(lastTaken()).isEqualTo("3");
  }

  @Test
  void a_stage_closed_by_force_names_how_many_were_left() {
    open();
    await(redis.commands().zadd(keys.stages(), 3, arn(1).value()));
    drain();
    close(Doors.FORCED);

    assertThat(notices()).endsWith("Stage Closed");
    assertThat(lastTaken()).isEqualTo("3");
  }

  @Test
  void another_scaler_tells_nothing() {
    await(redis.commands().set(keys.scalerLease(), "9|other"));

    assertThatThrownBy(this::open).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> board.tell(List.of(live(1)))).isInstanceOf(LeaseLostException.class);
    assertThat(await(redis.commands().exists(keys.notices(), keys.scalerNoticed()))).isZero();
  }

  @Test
  void a_fact_is_told_once_though_it_is_seen_in_each_pass() {
    for (int pass = 0; pass < 3; pass++) {
      board.tell(List.of(live(pass), new Fact("scaling", "", new ScalingResumed())));
    }
    board.tell(List.of(new Fact("publisher", "", new PublisherWentOffline())));
    board.tell(List.of(new Fact("publisher", "", new PublisherWentOffline())));

    assertThat(notices()).containsExactly("Publisher Went Live", "Publisher Went Offline");
  }

  @Test
  void the_next_scaler_does_not_tell_it_again() {
    board.tell(List.of(live(1)));
    await(redis.commands().del(keys.scalerLease()));
    Lease next = new Lease(redis, keys, "next", Duration.ofMinutes(1), () -> {});
    next.step();
    new NoticeBoard(redis, keys, next::token).tell(List.of(live(1)));

    assertThat(notices()).hasSize(1);
  }

  private static Fact live(int publishers) {
    return new Fact("publisher", "live", new PublisherWentLive(publishers));
  }
}
