package io.fullhouse.counter;

import static io.fullhouse.counter.SimulatedShow.GONE_WITHIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.SimulatedShow.Gateway;
import io.fullhouse.counter.SimulatedShow.Viewer;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever watches stays, whatever else is away; whoever went is gone soon. */
@ExtendWith(RedisExtension.class)
final class ExpiryTest {
  private static final Duration TIMEOUT = Histories.TIMEOUT;

  /** A second timeout, and once more a tick and a sweep. */
  private static final Duration GONE_WITHIN_AFTER_BRAKE = Duration.ofSeconds(132);

  private final Redis redis;
  private final RedisKeys keys;
  private SimulatedShow show;

  ExpiryTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.show = new SimulatedShow(redis, keys, Scripts.load());
  }

  @BeforeEach
  void begin() {
    with(Scripts.load());
  }

  /** The same tests of other scripts, in an empty Redis. */
  ExpiryTest with(Scripts scripts) {
    show = new SimulatedShow(redis, keys, scripts);
    return this;
  }

  @Test
  void who_is_silent_is_gone_within_67_s_and_who_beats_never() {
    Gateway gateway = show.gateway("gw-1");
    gateway.join(60, "watching-");
    List<Viewer> going = gateway.join(12, "going-");
    for (Viewer viewer : going) { // one by one: the brake is for many at once
      show.run(Duration.ofSeconds(23));
      viewer.silent(true);
    }
    show.run(Duration.ofMinutes(5));

    assertThat(show.gone()).hasSameSizeAs(going);
    going.forEach(this::isGoneInTime);
    assertThat(show.credits()).isZero();
    assertProven();
  }

  @Test
  void while_the_counter_is_away_nobody_grows_silent_who_beats() {
    Gateway gateway = show.gateway("gw-1");
    gateway.join(50, "watching-");
    Viewer going = gateway.join(1, "going-").get(0);
    show.run(Duration.ofSeconds(70));

    show.counterRuns(false);
    going.silent(true);
    show.run(Duration.ofMinutes(3));
    show.counterRuns(true);
    Duration back = show.now();
    show.run(Duration.ofMinutes(3));

    assertThat(show.gone()).containsOnlyKeys(going.user());
    assertThat(going.gone()).isLessThan(back.plusSeconds(6));
    assertProven();
  }

  @Test
  void after_an_outage_of_the_gateway_everybody_has_a_whole_timeout() {
    assertWholeTimeoutAfter(Duration.ofMinutes(3), show.gateway("gw-1")::runs);
  }

  @Test
  void after_an_outage_of_redis_everybody_has_a_whole_timeout() {
    assertWholeTimeoutAfter(Duration.ofMinutes(2), show::redisRuns);
  }

  private void assertWholeTimeoutAfter(Duration outage, Switch runs) {
    Gateway gateway = show.gateway("gw-1");
    gateway.join(50, "watching-");
    List<Viewer> going = gateway.join(3, "going-");
    show.run(Duration.ofSeconds(70));

    going.forEach(viewer -> viewer.silent(true));
    runs.set(false);
    show.run(outage);
    assertThat(show.gone()).isEmpty();
    runs.set(true);
    Duration back = show.now();
    show.run(TIMEOUT);
    assertThat(show.gone()).isEmpty();
    show.run(Duration.ofMinutes(3));

    assertThat(show.gone()).hasSameSizeAs(going);
    going.forEach(
        viewer -> assertThat(viewer.gone()).isBetween(back.plus(TIMEOUT), back.plus(GONE_WITHIN)));
    assertProven();
  }

  private interface Switch {
    void set(boolean runs);
  }

  @Test
  void viewers_of_a_killed_gateway_get_one_more_timeout_once_in_two() {
    show.gateway("gw-1").join(50, "watching-");
    List<Viewer> first = show.gateway("gw-2").join(4, "first-");
    List<Viewer> second = show.gateway("gw-3").join(4, "second-");
    List<Viewer> third = show.gateway("gw-4").join(4, "third-");
    show.run(Duration.ofSeconds(70));

    Duration firstKilled = kill("gw-2");
    show.run(Duration.ofSeconds(60));
    kill("gw-3");
    show.run(Duration.ofSeconds(80));
    Duration thirdKilled = kill("gw-4");
    show.run(Duration.ofMinutes(3));

    first.forEach(viewer -> isGoneAfterAnotherTimeout(viewer, firstKilled));
    second.forEach(this::isGoneInTime);
    third.forEach(viewer -> isGoneAfterAnotherTimeout(viewer, thirdKilled));
    assertThat(show.gone()).hasSize(12);
    assertProven();
  }

  private Duration kill(String gateway) {
    show.gateway(gateway).runs(false);
    return show.now();
  }

  private void isGoneAfterAnotherTimeout(Viewer viewer, Duration killed) {
    Duration missed = FoldRules.TICK_GAP; // so long nobody knows that it was killed
    assertThat(viewer.gone())
        .isBetween(
            killed.plus(missed).plus(TIMEOUT),
            killed.plus(missed.multipliedBy(2)).plus(GONE_WITHIN));
  }

  @Test
  void a_gateway_that_said_bye_is_not_missed() {
    show.gateway("gw-1").join(50, "watching-");
    List<Viewer> going = show.gateway("gw-2").join(4, "going-");
    show.run(Duration.ofSeconds(70));

    show.gateway("gw-2").sayBye();
    show.run(Duration.ofMinutes(3));

    assertThat(show.gone()).hasSameSizeAs(going);
    going.forEach(this::isGoneInTime);
    assertProven();
  }

  @Test
  void when_many_fall_silent_at_once_the_path_to_them_gets_a_timeout_to_mend() {
    Gateway gateway = show.gateway("gw-1");
    gateway.join(70, "watching-");
    show.run(Duration.ofSeconds(10));
    List<Viewer> cutOff = gateway.joinAtOnce(30, "cut-off-");
    show.run(Duration.ofSeconds(70));

    cutOff.forEach(viewer -> viewer.silent(true));
    show.run(Duration.ofSeconds(100));
    assertThat(show.credits()).isEqualTo(1);
    cutOff.forEach(viewer -> viewer.silent(false));
    show.run(Duration.ofMinutes(4));

    assertThat(show.gone()).isEmpty();
    assertThat(show.credits()).isEqualTo(1);
    assertProven();
  }

  @Test
  void each_silence_is_extended_once_so_the_end_of_a_show_empties_the_house() {
    Gateway gateway = show.gateway("gw-1");
    List<Viewer> everybody = gateway.join(100, "viewer-");
    show.run(Duration.ofSeconds(75));

    everybody.forEach(viewer -> viewer.silent(true));
    show.run(GONE_WITHIN_AFTER_BRAKE.plusSeconds(20));

    assertThat(show.gone()).hasSameSizeAs(everybody);
    everybody.forEach(
        viewer ->
            assertThat(viewer.silenceBeforeGone()).isLessThanOrEqualTo(GONE_WITHIN_AFTER_BRAKE));
    assertThat(show.credits()).isEqualTo(1);
    assertProven();
  }

  @Test
  void a_second_wave_of_silence_does_not_keep_the_first() {
    Gateway gateway = show.gateway("gw-1");
    gateway.join(40, "watching-");
    List<Viewer> first = gateway.join(30, "first-");
    List<Viewer> second = gateway.join(30, "second-");
    show.run(Duration.ofSeconds(75));

    first.forEach(viewer -> viewer.silent(true));
    show.run(Duration.ofSeconds(50));
    second.forEach(viewer -> viewer.silent(true));
    show.run(Duration.ofMinutes(5));

    assertThat(show.gone()).hasSize(60);
    first.forEach(this::isGoneAfterBrake);
    second.forEach(this::isGoneAfterBrake);
    assertProven();
  }

  private void isGoneAfterBrake(Viewer viewer) {
    assertThat(viewer.silenceBeforeGone()).isLessThanOrEqualTo(GONE_WITHIN_AFTER_BRAKE);
  }

  @Test
  void while_the_clock_stands_or_after_it_was_set_back_nobody_expires_who_beats() {
    show.gateway("gw-1").join(50, "watching-");
    show.run(Duration.ofSeconds(70));

    show.runWhileClockStands(Duration.ofMinutes(3));
    show.run(Duration.ofMinutes(2));
    assertThat(show.gone()).isEmpty();
    assertProven();

    show.rewind(Duration.ofHours(1));
    show.run(Duration.ofMinutes(3));
    assertThat(show.gone()).isEmpty();
  }

  private void isGoneInTime(Viewer viewer) {
    assertThat(viewer.silenceBeforeGone()).isBetween(TIMEOUT, GONE_WITHIN);
  }

  private void assertProven() {
    assertThat(show.findings()).isEmpty();
  }
}
