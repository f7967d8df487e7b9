package io.fullhouse.counter;

import static io.fullhouse.counter.Mutants.drain;
import static io.fullhouse.counter.Mutants.history;
import static io.fullhouse.counter.Mutants.show;
import static io.fullhouse.counter.Mutants.sweep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fullhouse.counter.Mutants.Check;
import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.RedisException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the sweep, and what the drain does in rare moments: without it a test fails. */
@ExtendWith(RedisExtension.class)
final class ScriptMutantsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutantsOfTheSweep")
  void a_dropped_rule_of_the_sweep_is_noticed(
      String rule, String text, String without, Check check, Redis redis, RedisKeys keys) {
    assertNoticed(rule, Mutants.ofSweep(text, without), check, redis, keys);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutantsOfTheDrain")
  void a_dropped_rule_of_the_drain_is_noticed(
      String rule, String text, String without, Check check, Redis redis, RedisKeys keys) {
    assertNoticed(rule, Mutants.ofDrain(text, without), check, redis, keys);
  }

  private static void assertNoticed(
      String rule, Scripts mutant, Check check, Redis redis, RedisKeys keys) {
    assertThat(catchThrowable(() -> check.run(mutant, redis, keys)))
        .as("what noticed that it is missing: %s", rule)
        .isInstanceOfAny(AssertionError.class, RedisException.class);
  }

  static Stream<Arguments> mutantsOfTheDrain() {
    Check probes =
        drain(DrainTest::a_wrong_type_on_a_shared_key_stops_the_drain_before_it_does_anything);
    Check replaced =
        drain(DrainTest::a_stream_that_was_replaced_by_an_older_one_is_folded_from_its_start);
    return Stream.of(
        mutant(
            "an entry one version ahead stops the fold",
            "  if f[10] == '2' then return 'VERSION' end\n",
            "",
            drain(DrainTest::an_entry_one_version_ahead_stops_the_fold_before_it)),
        mutant(
            "a removal leaves a later join its seat",
            "elseif not after(joining_id, id) then",
            "else",
            drain(DrainTest::a_leave_leaves_its_seat_to_a_join_that_is_not_folded_yet)),
        mutant(
            "a repeat announces what it found",
            "if #counts > 0 or publisher_changed or torn then",
            "if #counts > 0 or publisher_changed then",
            drain(DrainTest::a_publisher_whom_a_failed_drain_took_up_is_announced)),
        mutant(
            "a repeat takes up no publisher again",
            "if after(id, fold_at) then kinds.publisher(",
            "if true then kinds.publisher(",
            drain(DrainTest::publishers_that_a_failed_drain_took_up_are_not_taken_up_again)),
        mutant(
            "a replaced stream is folded from its start",
            "after(from, info[i + 1])",
            "false",
            replaced),
        mutant(
            "and is not taken for folded",
            "call('HDEL', FOLD, 'at', 'done')",
            "call('HDEL', FOLD, 'at')",
            drain(DrainTest::a_stream_that_was_replaced_after_a_failed_drain_is_folded_whole)),
        mutant(
            "a damaged position is known from the fold",
            "if id and match(id, '^%d+%-%d+$') then return id end",
            "if id then return id end",
            drain(DrainTest::a_damaged_position_is_known_from_the_folds_state)),
        mutant(
            "a history has an end",
            "call('LTRIM', key, 0, history_kept - 1)",
            "",
            history(HistoryTest::the_newest_are_kept_for_a_while)),
        mutant(
            "a history is not kept for ever",
            "    call('EXPIRE', key, history_kept_for)\n",
            "",
            history(HistoryTest::the_newest_are_kept_for_a_while)),
        mutant(
            "a damaged history stops nobody from leaving",
            "elseif not find(reason_of(newest), '^WRONGTYPE ') then",
            "else",
            history(HistoryTest::a_damaged_history_costs_itself_only)),
        mutant(
            "a damaged presence has no history",
            "  if joined_at then tell_history(",
            "  do tell_history(",
            history(HistoryTest::a_damaged_presence_ends_without_a_word)),
        mutant("seats are probed", "call('HLEN', SEAT) call(", "call(", probes),
        mutant("joins in flight are probed", " call('HLEN', JOINING)", "", probes),
        mutant("reservations are probed", " call('HLEN', RESERVED)", "", probes),
        mutant("deadlines are probed", "call('ZCARD', DEADLINE)", "", probes),
        mutant("who left is probed", " call('ZCARD', CLOSED)", "", probes),
        mutant("open stages are probed", " call('ZCARD', OPEN)", "", probes),
        mutant("closing stages are probed", " call('ZCARD', CLOSING)", "", probes),
        mutant("the index is probed", "call('SCARD', STAGES_WITH_VIEWERS)", "", probes),
        mutant("announcements are probed", " call('XLEN', COUNTS)", "", probes),
        mutant("dead letters are probed", " call('XLEN', DEAD_LETTERS)", "", probes));
  }

  static Stream<Arguments> mutantsOfTheSweep() {
    return Stream.of(
        mutant(
            "only ticks make time pass",
            "local clock, floor, held = number(fold[1])",
            "local clock, floor, held = now",
            show(ExpiryTest::after_an_outage_of_the_gateway_everybody_has_a_whole_timeout)),
        mutant(
            "before the first tick nobody is silent",
            "if clock == 0 then return { 0, 0, 0, lapsed, 0 } end",
            "if clock == 0 then clock = now end",
            sweep(IdleViewerSweeperTest::before_anybody_ticked_nobody_is_silent)),
        mutant(
            "silence counts from the floor on",
            "math.max(last, floor)",
            "last",
            show(ExpiryTest::after_an_outage_of_redis_everybody_has_a_whole_timeout)),
        mutant(
            "who was heard is looked at again a timeout later",
            "      call('ZADD', DEADLINE, heard + timeout, u)\n",
            "",
            sweep(IdleViewerSweeperTest::a_turn_looks_at_everybody_who_is_due)),
        mutant(
            "an expiry names when the viewer was seen",
            "'seen', viewer.seen)",
            "'seen', string.format('%d', clock))",
            sweep(IdleViewerSweeperTest::what_is_still_in_the_log_counts_as_speech)),
        mutant(
            "an expiry is not said twice",
            "  call('ZADD', DEADLINE, clock + timeout, viewer.u) -- looked",
            "  -- looked",
            sweep(IdleViewerSweeperTest::two_sweeps_at_once_append_once)),
        mutant(
            "many silent at once brake",
            "elseif #silent >= minimum and",
            "elseif false and",
            show(
                ExpiryTest::when_many_fall_silent_at_once_the_path_to_them_gets_a_timeout_to_mend)),
        mutant(
            "a few do not",
            "elseif #silent >= minimum and",
            "elseif #silent > 0 and",
            show(ExpiryTest::a_gateway_that_said_bye_is_not_missed)),
        mutant(
            "nor a small share",
            " and #silent > share * #due then",
            " then",
            sweep(IdleViewerSweeperTest::a_turn_looks_at_everybody_who_is_due)),
        mutant(
            "the brake extends each silence once",
            "if #held_before > 0 then\n  expired = held_before",
            "if false then\n  expired = held_before",
            show(ExpiryTest::each_silence_is_extended_once_so_the_end_of_a_show_empties_the_house)),
        mutant(
            "the brake is not said twice",
            "  for _, viewer in ipairs(silent) do call('ZADD', DEADLINE, clock + timeout, viewer.u) end\n",
            "",
            sweep(IdleViewerSweeperTest::two_sweeps_at_once_brake_once)),
        mutant(
            "a damaged value takes nobody's turn",
            "if not seen then damaged[#damaged + 1] = viewer else",
            "if not seen then held_before[#held_before + 1] = viewer else",
            sweep(
                IdleViewerSweeperTest
                    ::a_stage_whose_hash_has_another_type_costs_its_own_viewers_only)),
        mutant(
            "a damaged value expires",
            "for _, viewer in ipairs(damaged) do expired[#expired + 1] = viewer end",
            "",
            sweep(IdleViewerSweeperTest::a_damaged_value_costs_its_own_presence_only)),
        mutant(
            "a damaged clock is not set",
            "tonumber(text or '') or 0",
            "tonumber(text or '0')",
            sweep(IdleViewerSweeperTest::a_damaged_clock_counts_as_not_set)),
        mutant(
            "the deadline of nobody is dropped",
            "    call('ZREM', DEADLINE, u)\n",
            "",
            sweep(IdleViewerSweeperTest::the_deadline_of_nobody_is_dropped)),
        mutant(
            "who left is forgotten in the end",
            "call('ZREMRANGEBYSCORE', CLOSED, '-inf', '(' .. clock - tonumber(ARGV[6]))",
            "",
            sweep(IdleViewerSweeperTest::who_left_is_remembered_for_ten_minutes)),
        mutant(
            "but not at once",
            "clock - tonumber(ARGV[6])",
            "clock",
            sweep(IdleViewerSweeperTest::who_left_is_remembered_for_ten_minutes)),
        mutant(
            "who was heard is not unheard",
            "unheard = seen and tonumber(joined_at) == last",
            "unheard = seen",
            sweep(
                IdleViewerSweeperTest
                    ::who_took_a_seat_and_was_never_heard_is_gone_after_the_timeout_and_counted)),
        mutant(
            "a reservation lapses",
            "if not s or till <= now then",
            "if false then",
            sweep(IdleViewerSweeperTest::a_seat_held_for_a_token_that_never_came_is_given_back)),
        mutant(
            "not before its time",
            "if not s or till <= now then",
            "if true then",
            sweep(IdleViewerSweeperTest::a_seat_held_for_a_token_that_never_came_is_given_back)),
        mutant(
            "a lapsed reservation gives its seat back",
            "    change_held(home, home, s, nil)\n",
            "",
            sweep(IdleViewerSweeperTest::a_seat_held_for_a_token_that_never_came_is_given_back)),
        mutant(
            "a join that cannot be read lapses",
            "if not s or not after(id, folded_to) then",
            "if false then",
            sweep(IdleViewerSweeperTest::the_seat_of_a_join_that_cannot_be_read_is_given_back)),
        mutant(
            "a join that may be folded yet does not",
            "if not s or not after(id, folded_to) then",
            "if true then",
            sweep(IdleViewerSweeperTest::the_seat_of_a_join_that_cannot_be_read_is_given_back)),
        mutant(
            "a lapsed join gives its seat back",
            "    if s then change_held(s, present(u), held, held) end\n",
            "",
            sweep(IdleViewerSweeperTest::the_seat_of_a_join_that_cannot_be_read_is_given_back)),
        mutant(
            "damage has all seats derived again",
            "if damaged then recount_taken() end\n",
            "",
            sweep(IdleViewerSweeperTest::damaged_reservations_and_joins_give_their_seats_back)));
  }

  private static Arguments mutant(String rule, String text, String without, Check noticedBy) {
    return Arguments.of(rule, text, without, noticedBy);
  }
}
