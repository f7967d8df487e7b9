package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.ivs.IvsUserIds;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Bans, their end, and kicks: one atomic script each, safe to repeat. Thread-safe. What is to be
 * disconnected at IVS is queued by the same step; the scaler does it.
 */
final class Moderation {
  private static final String REDIS_CLOCK = "";

  /** What IVS calls a user by its own name. */
  private static final String SAME = "=";

  private static final LuaScript BAN = LuaScript.load(Moderation.class, "ban.lua");
  private static final LuaScript UNBAN = LuaScript.load(Moderation.class, "unban.lua");
  private static final LuaScript BANS = LuaScript.load(Moderation.class, "bans.lua");

  private final GatewayRedis redis;
  private final IvsUserIds userIds;
  private final Duration seatLife;

  /**
   * @param seatLife how long a seat is good for at most
   */
  Moderation(GatewayRedis redis, IvsUserIds userIds, Duration seatLife) {
    this.redis = redis;
    this.userIds = userIds;
    this.seatLife = seatLife;
  }

  /**
   * One page.
   *
   * @param bans by user
   */
  record Page(long total, Map<String, Ban> bans, boolean more) {}

  /**
   * Bans a user, present or not.
   *
   * @return since when it is banned; fails with an {@link ApiException} when {@code until} is over
   *     by Redis's clock
   */
  CompletionStage<Instant> ban(
      UserId user, Optional<Instant> until, String reason, String requestId) {
    return act("ban", user, Ban.millis(until), reason, requestId)
        .thenApply(
            reply -> {
              if (reply.get(0).equals("PAST")) {
                throw ApiException.invalid("until", Phrase.MUST_LIE_IN_FUTURE);
              }
              return Instant.ofEpochMilli(Long.parseLong((String) reply.get(1)));
            });
  }

  /**
   * Ends the presence of a user, who may join anew.
   *
   * @return the stage it was on; empty when it was on none
   */
  CompletionStage<Optional<String>> kick(UserId user, String reason, String requestId) {
    return act("kick", user, Ban.millis(Optional.empty()), reason, requestId)
        .thenApply(reply -> Optional.of((String) reply.get(2)).filter(arn -> !arn.isEmpty()));
  }

  private CompletionStage<List<Object>> act(
      String act, UserId user, String until, String reason, String requestId) {
    String ivsUser = userIds.of(user).orElse("");
    return redis.script(
        BAN,
        ScriptOutputType.MULTI,
        REDIS_CLOCK,
        act,
        user.value(),
        until,
        reason,
        ivsUser.equals(user.value()) ? SAME : ivsUser,
        Long.toString(seatLife.toMillis()),
        requestId);
  }

  /** Whether the user was banned. */
  CompletionStage<Boolean> unban(UserId user, String requestId) {
    return redis
        .<Long>script(UNBAN, ScriptOutputType.INTEGER, REDIS_CLOCK, user.value(), requestId)
        .thenApply(lifted -> lifted == 1);
  }

  /**
   * Who is banned: those who come free first, then those who never do.
   *
   * @param after the last one of the page before, by user; empty for the first page
   */
  CompletionStage<Page> bans(Optional<Map.Entry<String, Ban>> after, int limit) {
    return redis
        .<List<Object>>script(
            BANS,
            ScriptOutputType.MULTI,
            REDIS_CLOCK,
            after.map(last -> Ban.millis(last.getValue().until())).orElse(""),
            after.map(Map.Entry::getKey).orElse(""),
            Integer.toString(limit))
        .thenApply(Moderation::page);
  }

  private static Page page(List<Object> reply) {
    Map<String, Ban> bans = new LinkedHashMap<>();
    for (int i = 2; i + 1 < reply.size(); i += 2) {
      bans.put((String) reply.get(i), Ban.of((String) reply.get(i + 1)));
    }
    return new Page((Long) reply.get(0), bans, (Long) reply.get(1) == 1);
  }
}
