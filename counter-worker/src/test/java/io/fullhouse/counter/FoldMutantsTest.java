package io.fullhouse.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.counter.PresenceStore.Scripts;
import io.fullhouse.redis.LuaScript;
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

/** Each rule of the fold is needed: without it the random histories find something. */
@ExtendWith(RedisExtension.class)
final class FoldMutantsTest {
  private static final int HISTORIES = 1_000;

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void a_dropped_rule_is_noticed(
      String rule, String text, String without, Redis redis, RedisKeys keys) {
    Scripts whole = Scripts.load();
    assertThat(whole.drain().source()).as("the rule is in the script").contains(text);
    LuaScript mutant = LuaScript.ofSource(whole.drain().source().replace(text, without));
    assertThat(noticed(new Scripts(mutant, whole.sweep(), whole.snapshot()), redis, keys))
        .as("nobody noticed")
        .isNotEmpty();
  }

  private static List<String> noticed(Scripts scripts, Redis redis, RedisKeys keys) {
    try {
      Histories histories = new Histories(redis, keys, scripts);
      for (int seed = 0; seed < HISTORIES; seed++) {
        List<String> findings = histories.start(seed).findings();
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
        mutant(
            "presences are told apart by admission",
            "if a ~= '' and present_a ~= '' then return a == present_a end",
            ""),
        mutant(
            "without an admission, by participant", "  return p == present_p\n", "  return true\n"),
        mutant("without either, by stage", "if p == '' then return s == present_s end", ""),
        mutant(
            "a heartbeat of another presence is not heard",
            "if at and joined_at and same(at, here_p, here_a, s, p, a) then",
            "if at and joined_at then"),
        mutant(
            "a heartbeat moves the last seen time",
            "    call('HSET', key, u, '{\"timestamp\":' .. ms .. sub(current, 27))\n",
            ""),
        mutant(
            "the short way of a heartbeat asks for the admission",
            "and sub(current, -16 - #a) == ',\"admission\":\"' .. a .. '\"}'",
            ""),
        mutant("a late leave removes nobody else", "if matches then remove", "if at then remove"),
        mutant(
            "an expiry removes only its presence",
            "if is_presence(at, here_p, here_a, half_removed, s, p, a) and last_seen",
            "if at and last_seen"),
        mutant("whoever was heard since does not expire", "and last_seen <= tonumber(seen)", ""),
        mutant(
            "a ban ends a presence",
            "  remove(u, at, here_p, joined_at, id, 'banned')\nend\n\nfunction kinds.unban",
            "end\n\nfunction kinds.unban"),
        mutant(
            "a ban is remembered",
            "  if closed ~= '' then call('ZADD', CLOSED, ms, closed) end\n  if here_p ~= '' then queue",
            "  if here_p ~= '' then queue"),
        mutant(
            "who is banned is to be disconnected",
            "if here_p ~= '' then queue_disconnect(DISCONNECT_BANNED, ms, at, here_p, u, '') end",
            ""),
        mutant(
            "lifting a ban ends nothing", "function kinds.unban() end", "kinds.unban = kinds.ban"),
        mutant("banned users are validated", "if not is_user(u) then invalid() end", ""),
        mutant(
            "a presence that is over is told in its user's history",
            "  if joined_at then tell_history(u, s, p, joined_at, id, reason) end\n",
            ""),
        mutant("a history is its user's", "local key = history(u)", "local key = history('')"),
        mutant(
            "a history says since when",
            "'\",\"joinedAt\":' .. joined_at",
            "'\",\"joinedAt\":' .. 1"),
        mutant("a history begins with what ended last", "call('LPUSH', key", "call('RPUSH', key"),
        mutant(
            "a history says whom a moderator sent away",
            "reason_of_leave[why] or 'left'",
            "'left'"),
        mutant(
            "a history says whom IVS did not have",
            "why == 'correct' and 'corrected' or 'expired'",
            "'expired'"),
        mutant(
            "only what is called why is a reason",
            "f[own + 1] == 'why' and f[own + 2]",
            "f[own + 2]"),
        mutant(
            "an expiry has its reason farther behind",
            "local own = t == 'expire' and 14 or 12",
            "local own = 12"),
        mutant(
            "a history names the last connection",
            "remove(u, at, here_p, joined_at, id, reason_of_leave",
            "remove(u, at, p, joined_at, id, reason_of_leave"),
        mutant(
            "a history names the stage where it ended",
            "'\",\"stageArn\":\"' .. s ..",
            "'\",\"stageArn\":\"' .. prefix .."),
        mutant(
            "who is superseded is to be disconnected",
            "if here_p ~= '' and here_p ~= p then queue_disconnect",
            "if false then queue_disconnect"),
        mutant(
            "but not under the participant who goes on",
            "if here_p ~= '' and here_p ~= p then queue_disconnect",
            "if here_p ~= '' then queue_disconnect"),
        mutant(
            "who expired is to be disconnected",
            "if here_p ~= '' then queue_disconnect(DISCONNECT_EXPIRED, ms, at, here_p, u, '') end",
            ""),
        mutant("joinedAt is kept", "value_of(ms, p, joined_at or ms, a)", "value_of(ms, p, ms, a)"),
        mutant(
            "a move leaves the old stage",
            "    if at then call('HDEL', heartbeats(at), u) else call('ZADD'",
            "    if not at then call('ZADD'"),
        mutant("a move is written to the seat", "    call('HSET', SEAT, u, s)\n", ""),
        mutant("a stage that was left is counted again", "    if at then touch(at) end\n", ""),
        mutant("removing takes the seat", "  call('HDEL', SEAT, u)\n", ""),
        mutant("removing takes the deadline", "  call('ZREM', DEADLINE, u)\n", ""),
        mutant(
            "a new presence is looked at", "call('ZADD', DEADLINE, tonumber(ms) + timeout, u)", ""),
        mutant(
            "a leave is remembered", "if left ~= '' then call('ZADD', CLOSED, ms, left) end", ""),
        mutant(
            "superseding is remembered",
            "if closed ~= '' then call('ZADD', CLOSED, ms, closed) end",
            ""),
        mutant("a join ends that memory", "if name ~= '' then call('ZREM', CLOSED, name) end", ""),
        mutant("a join settles its seat", "  settle(u, at, s, id)\n", ""),
        mutant("removing settles the seat", "  settle(u, s, nil, id)\n", ""),
        mutant("an outage moves the floor", "or t - clock > gap then floor = t end", "then end"),
        mutant(
            "a lost gateway moves the floor", "then floor, lost = t, t end", "then lost = t end"),
        mutant("but not too often", "if lost == 0 or t - lost > forgive then", "if true then"),
        mutant("a lost gateway is forgotten", "    gateways[name] = nil\n", ""),
        mutant(
            "a bye is no loss",
            "function kinds.bye(id, ms, gateway) gateways[gateway] = nil end",
            "function kinds.bye(id, ms, gateway) end"),
        mutant("ticks move the clock", "  clock = t\n", ""),
        mutant(
            "a credit moves the floor",
            "floor, held = tonumber(ms), tonumber(ms)",
            "held = tonumber(ms)"),
        mutant(
            "a credit is held once",
            "floor, held = tonumber(ms), tonumber(ms)",
            "floor = tonumber(ms)"),
        mutant("the operator's offline sticks", "elseif offline > 0 then return end", "end"),
        mutant("until the next token", "if evidence ~= 'ivs' then offline = 0\n    elseif", "if"),
        mutant("IVS's late word is not believed", "if at < (heard[p] or 0) then", "if false then"),
        mutant("IVS's word is remembered", "  heard[p] = at\n", ""),
        mutant("but not for ever", "heard[name] = nil", "local _ = name"),
        mutant("IVS's word is of its own time", "tonumber(at or ms)", "tonumber(ms)"),
        mutant(
            "a participant says whose it is",
            "if evidence ~= 'ivs' or not is_known(p, s) then",
            "do"),
        mutant(
            "a guest leaving does not end the show",
            "if p == '' or match(value, '^([^|]*)|') == p then",
            "if true then"),
        mutant(
            "a user may publish on several stages", "local name = s .. '/' .. u", "local name = u"),
        mutant("publishing since is kept", "(since or ms)", "ms"),
        mutant(
            "what cannot be read is a dead letter",
            "    dead = dead + 1\n    call('XADD', DEAD_LETTERS",
            "    dead = dead + 1\n    local _ = tostring('XADD', DEAD_LETTERS"),
        mutant("stages are validated", "if not (is_stage(s) and is_user(u)", "if not (is_user(u)"),
        mutant(
            "users are validated",
            "and is_user(u) and is_participant(p) and is_admission(a))",
            "and is_participant(p) and is_admission(a))"),
        mutant(
            "participants are validated",
            "and is_participant(p) and is_admission(a))",
            "and is_admission(a))"),
        mutant("bytes that are not UTF-8 are no user", " and is_utf8(u) end", " end"),
        mutant(
            "unknown versions are dead letters",
            "  if f[10] ~= '1' then error('version', 0) end\n",
            ""),
        mutant(
            "the position is written",
            "assignments[#assignments + 1] = last\n",
            "assignments[#assignments + 1] = from\n"),
        mutant(
            "what cannot be read stops nothing",
            "if find(reason, '^%u+ ') and not find(reason, '^WRONGTYPE ') then",
            "if true then"),
        mutant(
            "the total is the number of seats",
            "local total = call('HLEN', SEAT)",
            "local total = (call('GET', TOTAL) or 0) + folded"),
        mutant(
            "a count is the number of presences",
            "local n = redis.pcall('HLEN', heartbeats(s))",
            "local n = (call('GET', viewers(s)) or 0) + 1"),
        mutant("counts are announced", "call('XADD', COUNTS", "tostring(COUNTS"),
        mutant("stages with viewers are listed", "    call('SADD', STAGES_WITH_VIEWERS, s)\n", ""));
  }

  private static Arguments mutant(String rule, String text, String without) {
    return Arguments.of(rule, text, without);
  }
}
