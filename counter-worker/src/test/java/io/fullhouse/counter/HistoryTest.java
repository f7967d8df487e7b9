package io.fullhouse.counter;

import static io.fullhouse.counter.HandWrittenLog.STAGE;
import static io.fullhouse.counter.HandWrittenLog.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.counter.PresenceStore.Status;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.PastPresence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisAnswer;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a drain tells of presences that are over. */
@ExtendWith(RedisExtension.class)
final class HistoryTest {
  private final Redis redis;
  private final RedisKeys keys;
  private HandWrittenLog log;

  HistoryTest(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
    this.log = new HandWrittenLog(redis, keys);
  }

  /** The same tests of other scripts. */
  HistoryTest with(Scripts scripts) {
    log = new HandWrittenLog(redis, keys, scripts);
    return this;
  }

  @Test
  void a_stay_is_told_once_over_moves_and_newer_devices() {
    log.join("u");
    log.at(10).join("u", RandomLog.STAGES[1]); // a move
    log.at(20).append(entry("join", RandomLog.STAGES[1], "phone"), false);
    log.leave("u"); // the older device is late
    log.drain();
    assertThat(history("u")).isEmpty();
    EntryId end = log.at(30).append(entry("leave", RandomLog.STAGES[1], "phone"), false);
    log.drain();

    assertThat(history("u"))
        .containsExactly(
            new PastPresence(end, new StageArn(RandomLog.STAGES[1]), "phone", START, "left"));
  }

  private static List<byte[]> entry(String type, String stage, String device, String... more) {
    List<byte[]> fields =
        LogWriter.bytes("t", type, "s", stage, "u", "u", "p", device, "v", "1", "a", device);
    fields.addAll(LogWriter.bytes(more));
    return fields;
  }

  @ParameterizedTest
  @CsvSource({
    "leave,,,left",
    "leave,why,client,left",
    "leave,why,kick,kicked",
    "leave,why,ban,banned",
    "leave,rid,ban,left",
    "expire,,,expired",
    "expire,why,correct,corrected",
    "ban,,,banned"
  })
  void an_end_has_its_reason(String type, String name, String why, String reason) {
    log.append(entry("join", STAGE.value(), "phone"), false);
    List<byte[]> end = entry(type, STAGE.value(), "phone");
    if (type.equals("expire")) {
      end.addAll(LogWriter.bytes("seen", Long.toString(START)));
    }
    if (name != null) {
      end.addAll(LogWriter.bytes(name, why));
    }
    log.append(end, false);
    log.drain();

    assertThat(history("u")).extracting(PastPresence::reason).containsExactly(reason);
  }

  @Test
  void the_newest_are_kept_for_a_while() {
    List<EntryId> ends = new ArrayList<>();
    for (int i = 0; i < FoldRules.HISTORY_KEPT + 10; i++) {
      log.at(i).join("u");
      ends.add(0, log.leave("u"));
    }
    log.drain();

    assertThat(history("u"))
        .extracting(PastPresence::end)
        .containsExactlyElementsOf(ends.subList(0, FoldRules.HISTORY_KEPT));
    long kept = FoldRules.HISTORY_KEPT_FOR.toSeconds();
    assertThat(RedisAnswer.await(redis.commands().ttl(keyOf("u")))).isBetween(kept - 60, kept);
  }

  @Test
  void a_damaged_history_costs_itself_only() {
    RedisAnswer.await(redis.commands().set(keyOf("anna"), "not a history"));
    log.join("anna");
    log.join("ben");
    log.leave("anna");
    log.leave("ben");

    assertThat(log.drain().status()).isEqualTo(Status.OK);
    assertThat(log.witness().seats()).isEmpty();
    assertThat(log.witness().deadLetters()).isEmpty();
    assertThat(RedisAnswer.await(redis.commands().get(keyOf("anna")))).isEqualTo("not a history");
    assertThat(history("ben")).hasSize(1);
  }

  @Test
  void a_damaged_presence_ends_without_a_word() {
    log.join("u");
    log.drain();
    RedisAnswer.await(redis.commands().hset(keys.heartbeats(STAGE), "u", "damaged"));
    log.append(LogWriter.bytes("t", "ban", "s", "", "u", "u", "p", "", "v", "1"), false);

    assertThat(log.drain().status()).isEqualTo(Status.OK);
    assertThat(log.witness().seats()).isEmpty();
    assertThat(history("u")).isEmpty();
  }

  @Test
  void no_user_id_names_the_key_of_anything_else() {
    List<String> users =
        List.of("a", "a:b", ":a", "{a}", "*", "viewer:history:a", "../total_viewers", "五 \"\\");
    for (String user : users) {
      log.append(of("join", user), false);
      log.append(of("leave", user), false);
    }
    log.drain();

    assertThat(users).allSatisfy(user -> assertThat(history(user)).hasSize(1));
    assertThat(RedisAnswer.await(redis.commands().get(keys.totalViewers()))).isEqualTo("0");
  }

  private static List<byte[]> of(String type, String user) {
    return LogWriter.bytes("t", type, "s", STAGE.value(), "u", user, "p", "p1", "v", "1", "a", "a");
  }

  private String keyOf(String user) {
    return keys.viewerHistory(new UserId(user));
  }

  /** Newest first. */
  private List<PastPresence> history(String user) {
    return RedisAnswer.await(redis.commands().lrange(keyOf(user), 0, -1)).stream()
        .map(json -> PastPresence.ofJson(json).orElseThrow())
        .toList();
  }
}
