package io.fullhouse.counter;

import static io.fullhouse.counter.HandWrittenLog.STAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.counter.PresenceStore.Drained;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a drain does in moments that random histories do not show. */
@ExtendWith(RedisExtension.class)
final class DrainTest {
  private final Redis redis;
  private final RedisKeys keys;
  private Scripts scripts = Scripts.load();
  private HandWrittenLog log;

  DrainTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.log = new HandWrittenLog(redis, keys);
  }

  @BeforeEach
  void begin() {
    with(Scripts.load());
  }

  /** The same tests of other scripts, in an empty Redis. */
  DrainTest with(Scripts others) {
    scripts = others;
    log = new HandWrittenLog(redis, keys, scripts);
    RedisAnswer.await(redis.commands().zadd(keys.stages(), 0, STAGE.value()));
    RedisAnswer.await(redis.commands().zadd(keys.stagesClosing(), 0, RandomLog.STAGES[1]));
    return this;
  }

  @Test
  void an_entry_one_version_ahead_stops_the_fold_before_it() {
    EntryId first = log.join("u1");
    log.append(ofVersion("2", "u2"), false);
    log.join("u3");

    Drained drained = log.drain();

    assertThat(drained.status()).isEqualTo(Status.VERSION);
    assertThat(drained.position()).isEqualTo(first);
    assertThat(log.drain()).isEqualTo(new Drained(Status.VERSION, 0, first, 0, ""));
    assertThat(log.witness().seats()).containsOnlyKeys("u1");
    assertThat(LiveState.read(log.store(), 0).foldFields()).doesNotContainKey("torn");
  }

  /** Readers of the first release take counts of exactly this version, with these fields. */
  @Test
  void counts_stay_as_the_first_release_reads_them() {
    log.join("u1");
    log.join("u2");
    EntryId last = log.leave("u2");
    log.drain();

    assertThat(RedisAnswer.await(redis.commands().xrange(keys.counts(), Range.unbounded())))
        .singleElement()
        .extracting(StreamMessage::getBody)
        .isEqualTo(
            Map.of(
                "v",
                "1",
                "at",
                last.toString(),
                "total",
                "1",
                "publisher",
                "offline",
                STAGE.value(),
                "1"));
  }

  @Test
  void a_worker_that_does_not_know_bans_comes_to_the_same_state() {
    with(
        Mutants.ofDrain(
            "local of_moderator = { ban = true, unban = true }", "local of_moderator = {}"));
    log.join("u1");
    log.join("u2");
    log.leave("u2"); // as the ban script writes it
    EntryId last =
        log.append(LogWriter.bytes("t", "ban", "s", "", "u", "u2", "p", "", "v", "1"), false);

    assertThat(log.drain()).isEqualTo(new Drained(Status.OK, 4, last, 0, ""));
    assertThat(log.witness().seats()).containsOnlyKeys("u1");
    assertThat(log.witness().open()).containsEntry(STAGE.value(), "1");
    assertThat(log.witness().closed()).containsOnlyKeys("au2");
  }

  @Test
  void a_leave_leaves_its_seat_to_a_join_that_is_not_folded_yet() {
    log.join("u");
    log.drain();
    log.leave("u");
    log.append(ofVersion("2", "u"), true); // not folded by this worker

    log.drain();

    assertThat(log.witness().seats()).isEmpty();
    assertThat(log.witness().joining()).containsOnlyKeys("u");
    assertThat(log.witness().open()).isEqualTo(Map.of(STAGE.value(), "1"));
  }

  private static List<byte[]> ofVersion(String version, String user) {
    return LogWriter.bytes(
        "t", "join", "s", STAGE.value(), "u", user, "p", "p2", "v", version, "a", "a2");
  }

  @Test
  void a_publisher_whom_a_failed_drain_took_up_is_announced() {
    FailingDrain failing = new FailingDrain(redis, keys, scripts);
    boolean failed = true;
    for (int command = 1; failed; command++) {
      RedisAnswer.await(redis.commands().flushall());
      log.append(publisher("host", "p1", "live", "token"), false);
      failed = fails(failing, command);
      log.tick();
      log.drain();

      assertThat(log.witness().announced())
          .as("failed at command %d", command)
          .containsEntry("publisher", "live");
      assertThat(LiveState.read(log.store(), 0).publisherStatus()).isEqualTo("live");
    }
  }

  @Test
  void publishers_that_a_failed_drain_took_up_are_not_taken_up_again() {
    FailingDrain failing = new FailingDrain(redis, keys, scripts);
    boolean failed = true;
    for (int command = 1; failed; command++) {
      RedisAnswer.await(redis.commands().flushall());
      log.append(publisher("", "", "offline", "operator"), false);
      log.drain();
      log.append(publisher("guest", "p2", "live", "ivs"), false); // the operator's word sticks
      log.append(publisher("host", "p1", "live", "token"), false); // until here
      failed = fails(failing, command);
      log.tick();
      log.drain();

      assertThat(LiveState.read(log.store(), 0).foldFields())
          .as("failed at command %d", command)
          .containsKey("publisher:" + STAGE + "/host")
          .doesNotContainKey("publisher:" + STAGE + "/guest");
    }
  }

  private static List<byte[]> publisher(
      String user, String participant, String state, String evidence) {
    return LogWriter.bytes(
        "t",
        "publisher",
        "s",
        STAGE.value(),
        "u",
        user,
        "p",
        participant,
        "v",
        "1",
        "state",
        state,
        "evidence",
        evidence);
  }

  private boolean fails(FailingDrain failing, int command) {
    try {
      return RedisAnswer.await(failing.send(keys, command, false)).status() == Status.STOPPED;
    } catch (RedisException e) {
      assertThat(e).hasMessageContaining("MISCONF injected");
      return true;
    }
  }

  @Test
  void a_stream_that_was_replaced_by_an_older_one_is_folded_from_its_start() {
    log.at(3_600).join("before");
    log.drain();
    RedisAnswer.await(redis.commands().del(keys.events()));
    log.at(0).join("after");

    assertThat(RedisAnswer.await(log.store().drain()).status()).isEqualTo(Status.REPLACED);
    assertThat(log.drain().folded()).isEqualTo(1);

    assertThat(log.witness().seats()).containsOnlyKeys("before", "after");
  }

  @Test
  void a_stream_that_was_replaced_after_a_failed_drain_is_folded_whole() {
    EntryId before = log.at(3_600).join("before");
    log.drain();
    Map<String, String> leftOver = Map.of("torn", "1", "done", before.toString());
    RedisAnswer.await(redis.commands().hset(keys.fold(), leftOver));
    RedisAnswer.await(redis.commands().del(keys.events()));
    log.at(0).join("after");

    assertThat(RedisAnswer.await(log.store().drain()).status()).isEqualTo(Status.REPLACED);
    log.drain();

    assertThat(log.witness().seats()).containsKey("after");
  }

  @Test
  void a_damaged_position_is_known_from_the_folds_state() {
    log.join("u1");
    EntryId second = log.join("u2");
    log.drain();
    RedisAnswer.await(redis.commands().set(keys.position(), "somewhere"));
    log.join("u3");

    Drained drained = log.drain();

    assertThat(drained.folded()).isEqualTo(1);
    assertThat(drained.position()).isGreaterThan(second);
    assertThat(log.witness().announced()).containsEntry("total", "3");
  }

  @Test
  void a_wrong_type_on_a_shared_key_stops_the_drain_before_it_does_anything() {
    for (String key : sharedKeys()) {
      RedisAnswer.await(redis.commands().flushall());
      with(scripts);
      log.join("u1");
      log.join("u2", RandomLog.STAGES[1]);
      log.drain();
      log.join("u1", RandomLog.STAGES[1]);
      log.join("u3");
      log.join("u4", RandomLog.STAGES[1]);
      log.leave("u2");
      log.append(LogWriter.bytes("un", "readable"), false);
      breakAndMend(key);
    }
  }

  private void breakAndMend(String key) {
    String aside = keys.prefix() + "aside";
    boolean exists = RedisAnswer.await(redis.commands().exists(key)) > 0;
    if (exists) {
      RedisAnswer.await(redis.commands().rename(key, aside));
    }
    RedisAnswer.await(redis.commands().lpush(key, "not of this type"));
    Map<String, String> before = AllKeys.dump(redis);

    assertThatThrownBy(() -> RedisAnswer.await(log.store().drain()))
        .as(key)
        .isInstanceOf(RedisException.class)
        .hasMessageContaining("WRONGTYPE");
    assertThat(AllKeys.dump(redis)).as(key).isEqualTo(before);

    RedisAnswer.await(redis.commands().del(key));
    if (exists) {
      RedisAnswer.await(redis.commands().rename(aside, key));
    }
    assertThat(RedisAnswer.await(log.store().drain()).folded()).as(key).isEqualTo(5);
    assertThat(log.witness().announced()).as(key).containsEntry("total", "3");
  }

  private List<String> sharedKeys() {
    return List.of(
        keys.events(),
        keys.position(),
        keys.fold(),
        keys.viewerSeat(),
        keys.viewerJoining(),
        keys.viewerReserved(),
        keys.viewerDeadline(),
        keys.viewerClosed(),
        keys.disconnectBanned(),
        keys.disconnectSuperseded(),
        keys.disconnectExpired(),
        keys.stages(),
        keys.stagesClosing(),
        keys.viewerStages(),
        keys.counts(),
        keys.deadLetters());
  }
}
