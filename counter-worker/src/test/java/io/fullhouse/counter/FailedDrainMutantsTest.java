package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.RedisException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule that mends after a failed drain is needed: without it a repeat ends elsewhere. */
@ExtendWith(RedisExtension.class)
final class FailedDrainMutantsTest {
  private static final int HISTORIES = 60;

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void a_dropped_rule_is_noticed(
      String rule, String text, String without, Redis redis, RedisKeys keys) {
    assertThat(noticed(Mutants.ofDrain(text, without), redis, keys))
        .as("what noticed that it is missing: %s", rule)
        .isNotEmpty();
  }

  private static List<String> noticed(Scripts scripts, Redis redis, RedisKeys keys) {
    try {
      Histories histories = new Histories(redis, keys, scripts);
      FailingDrain drain = new FailingDrain(redis, keys, scripts);
      for (int seed = 0; seed < HISTORIES; seed++) {
        List<String> findings = drain.findings(histories, seed, 7);
        if (!findings.isEmpty()) {
          return findings;
        }
      }
      return List.of();
    } catch (RedisException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  static Stream<Arguments> mutants() {
    return Stream.of(
        Arguments.of("a drain says that it is under way", "call('HSET', FOLD, 'torn', '1')", ""),
        Arguments.of(
            "a repeat counts all stages",
            "for _, s in ipairs(call('SMEMBERS', STAGES_WITH_VIEWERS)) do touch(s) end",
            ""),
        Arguments.of("a repeat counts all seats", "  recount_taken()\n", ""),
        Arguments.of(
            "a repeat passes over what was done",
            "if torn and not of_fold[f[2]] and not after(id, done) then return end",
            ""),
        Arguments.of("what was done is noted", "call('HSET', FOLD, 'done', id)", ""),
        Arguments.of(
            "a repeat does not move the clock",
            "if after(id, fold_at) then kinds[t](id, ms, u) end",
            "kinds[t](id, ms, u)"),
        Arguments.of(
            "a repeat gives no credit",
            "if after(id, fold_at) then kinds.credit(id, ms) end",
            "kinds.credit(id, ms)"),
        Arguments.of(
            "a presence that is half removed is removed", "or (torn and half_removed)", ""),
        Arguments.of(
            "a move that is half done keeps joinedAt",
            "_, _, joined_at = presence(leftover)",
            "local _ = leftover"),
        Arguments.of(
            "a presence is told before it is removed",
            """
              if joined_at then tell_history(u, s, p, joined_at, id, reason) end
              touch(s)
              call('HDEL', heartbeats(s), u)
            """,
            """
              touch(s)
              call('HDEL', heartbeats(s), u)
              if joined_at then tell_history(u, s, p, joined_at, id, reason) end
            """),
        Arguments.of(
            "what is refused is told by the repeat",
            """
              elseif not find(reason_of(newest), '^WRONGTYPE ') then
                error(newest, 0)
            """,
            ""),
        Arguments.of(
            "what is told already is not told again",
            "if newest ~= record and call('LPUSH'",
            "if call('LPUSH'"),
        Arguments.of(
            "what Redis refuses is no fault of the entry",
            "if find(reason, '^%u+ ') and not find(reason, '^WRONGTYPE ') then",
            "if false then"),
        Arguments.of(
            "a stop in the middle of an entry leaves the drain torn",
            "if half_done then return { 'STOPPED', folded, last, dead, stopped } end",
            ""),
        Arguments.of(
            "a stage is in the index until it is counted",
            "if n == 0 then empty[#empty + 1] = s end",
            "if n == 0 then call('SREM', STAGES_WITH_VIEWERS, s) end"),
        Arguments.of(
            "a repeat tells whether somebody publishes",
            "if ticked or publisher_changed or torn then",
            "if ticked or publisher_changed then"));
  }
}
