package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fullhouse.redis.Redis;
import io.fullhouse.testing.RedisExtension;
import io.lettuce.core.RedisException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of seats and counts is needed: some history notices when it is dropped. */
@ExtendWith(RedisExtension.class)
final class DroppedSeatRuleTest {
  private static final int HISTORIES = 600;

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void a_dropped_rule_is_noticed(String rule, String text, String without, Redis redis) {
    UnaryOperator<String> drop = source -> source.replace(text, without);
    SeatScripts whole = SeatScripts.load();
    assertThat(
            Stream.of(
                    whole.seat(),
                    whole.release(),
                    whole.ban(),
                    whole.drain(),
                    whole.sweep(),
                    whole.stage())
                .anyMatch(script -> script.source().contains(text)))
        .as("the rule is in a script")
        .isTrue();
    SeatScripts mutant = whole.changed(drop);
    Throwable noticed = catchThrowable(() -> SeatHistory.runAll(HISTORIES, redis, mutant));
    assertThat(noticed)
        .as("nobody noticed")
        .isNotNull()
        .cause()
        .isInstanceOfAny(AssertionError.class, RedisException.class);
  }

  static Stream<Arguments> mutants() {
    return Stream.of(
        mutant(
            "who is banned is refused",
            "if banned then return answer('BANNED', nil, nil, nil, string.format('%d', ban_ends)) end",
            ""),
        mutant("a ban is over in time", "till == 0 or till > now, till", "true, till"),
        mutant("but not before", "till == 0 or till > now, till", "till == 0, till"),
        mutant(
            "whose admission was kicked is refused",
            "if is_kicked(a, now) then return answer('KICKED', home) end",
            ""),
        mutant(
            "a kick is remembered",
            "call('ZADD', KICKED, now + life, admission)",
            "local _ = admission"),
        mutant(
            "who is kicked leaves",
            "call('XADD', EVENTS, entry_id, 't', 'leave', 's', s",
            "tostring(EVENTS, entry_id, 't', 'leave', 's', s"),
        mutant(
            "a banned user's place is given back",
            "if held and (s or act == 'ban') then",
            "if false then"),
        mutant("and its seat", "  change_held(s, s, held, nil)\n", ""),
        mutant("home is the newest join", "local home = joining_s or at\n", "local home = at\n"),
        mutant("a stage has a capacity", "'-inf', '(' .. capacity", "'-inf', capacity"),
        mutant(
            "a preferred stage has a capacity too",
            "if score and (seated(prefer) or score < capacity) then",
            "if score then"),
        mutant(
            "a token's stage has a capacity too",
            "if score < capacity or already_on_it then",
            "if true then"),
        mutant(
            "who is seated keeps the seat", "if seated(only) then target = only", "if false then"),
        mutant("a stage is avoided", "if s ~= avoid then return s end", "return s"),
        mutant(
            "a repeated call takes no second seat",
            "joining_s == target and joining_p == p",
            "false"),
        mutant("a newer admission supersedes", "elseif not mine then", "elseif false then"),
        mutant(
            "joining is remembered",
            "  call('HSET', JOINING, u, id .. '|' .. target .. '|' .. p .. '|' .. a)\n",
            ""),
        mutant(
            "a join ends its reservation",
            "  call('HDEL', RESERVED, u)\n  change_held(home, target, held, nil)",
            "  change_held(home, target, held, nil)"),
        mutant("a join takes a seat", "  change_held(home, target, held, nil)\n", ""),
        mutant("a reservation takes a seat", "change_held(home, home, held, target)\n", "\n"),
        mutant(
            "only its maker gives a reservation back", "if nonce ~= ARGV[2] then return 0 end", ""),
        mutant(
            "giving back frees the seat",
            "change_held(home, home, held, nil)\nreturn 1",
            "return 1"),
        mutant("removed stages stay removed", "ZADD', OPEN, 'XX', 'INCR'", "ZADD', OPEN, 'INCR'"),
        mutant("two claims on one stage are one seat", "and not is(home_was) then", "then"),
        mutant("a leave frees the seat", "  settle(u, s, nil, id)\n", ""),
        mutant("a folded join keeps its seat once", "  settle(u, at, s, id)\n", ""),
        mutant(
            "a later join keeps its seat", "  elseif not after(joining_id, id) then\n", "  else\n"),
        mutant("reservations lapse", "if not s or till <= now then", "if not s then"),
        mutant(
            "a closing stage keeps its count",
            "call('ZADD', CLOSING, open, s)",
            "call('ZADD', CLOSING, 0, s)"),
        mutant(
            "a stage opens with the seats that are taken",
            "closing or taken_by_definition()(s)",
            "0"),
        mutant("no stage with a seat taken is closed", "if tonumber(taken) > 0 or", "if"),
        mutant(
            "no stage with a viewer present is closed",
            "tonumber(taken) > 0 or call('HLEN', heartbeats(s)) > 0",
            "tonumber(taken) > 0"));
  }

  private static Arguments mutant(String rule, String text, String without) {
    return Arguments.of(rule, text, without);
  }
}
