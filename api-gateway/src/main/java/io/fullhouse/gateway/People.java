package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.DurationAnswer;
import io.fullhouse.gateway.ApiMessages.ViewerAnswer;
import io.fullhouse.gateway.ApiMessages.ViewerListAnswer;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who watches, and for how long: one trip and one instant each, on Redis's clock. Writes nothing.
 * Thread-safe.
 */
final class People {
  private static final LuaScript VIEWERS = LuaScript.load(People.class, "viewers.lua");
  private static final LuaScript DURATION = LuaScript.load(People.class, "duration.lua");
  private static final int PAGE_FIELDS = 5;

  private final GatewayRedis redis;

  People(GatewayRedis redis) {
    this.redis = redis;
  }

  /**
   * One page of a stage's viewers; it may be shorter than the limit before the last one. Whoever is
   * present from the first page to the last is on one of them; nobody is twice on one page. Fails
   * with an {@link ApiException} when there is no such stage.
   *
   * @param named the stage's ARN, or the short id at its end
   * @param cursor of the page before; null for the first one
   */
  CompletionStage<ViewerListAnswer> viewers(String named, @Nullable String cursor, int limit) {
    String id = named.substring(named.lastIndexOf('/') + 1);
    ViewerCursor at = cursor == null ? ViewerCursor.start(id) : ViewerCursor.read(cursor, id);
    return redis
        .<List<Object>>script(
            VIEWERS,
            ScriptOutputType.MULTI,
            named,
            at.from(),
            at.to(),
            at.last(),
            Integer.toString(limit))
        .thenApply(reply -> page(id, reply));
  }

  private static ViewerListAnswer page(String id, List<Object> reply) {
    String stage = (String) reply.get(0);
    if (stage.isEmpty()) {
      throw KnownStages.unknown();
    }
    List<ViewerAnswer> viewers = new ArrayList<>();
    for (int i = PAGE_FIELDS; i + 1 < reply.size(); i += 2) {
      String user = (String) reply.get(i);
      StoredPresence.parse((String) reply.get(i + 1)) // a damaged one is counted and not shown
          .map(presence -> answer(user, presence))
          .ifPresent(viewers::add);
    }
    String next = (String) reply.get(2);
    long total = (Long) reply.get(1);
    return new ViewerListAnswer(
        stage,
        total,
        total, // the silent are removed: whoever is present is active
        viewers,
        next.isEmpty()
            ? null
            : new ViewerCursor(id, next, (String) reply.get(3), (String) reply.get(4)).write());
  }

  private static ViewerAnswer answer(String user, StoredPresence presence) {
    return new ViewerAnswer(
        user,
        presence.id().participant(),
        Timestamps.of(presence.joined()),
        Timestamps.of(presence.seen()));
  }

  /**
   * For how long a user has been watching, over moves. Fails with an {@link ApiException} when it
   * is not present on that stage.
   */
  CompletionStage<DurationAnswer> duration(UserId user, StageArn stage) {
    return redis
        .<List<Object>>script(DURATION, ScriptOutputType.MULTI, stage.value(), user.value())
        .thenApply(
            reply -> {
              Instant now = Instant.ofEpochMilli((Long) reply.get(1));
              WatchTime watched =
                  StoredPresence.parse((String) reply.get(0))
                      .map(presence -> WatchTime.between(presence.joined(), now))
                      .orElseThrow(People::notPresent);
              return new DurationAnswer(
                  user.value(), stage.value(), watched.seconds(), watched.formatted());
            });
  }

  private static ApiException notPresent() {
    return ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_VIEWER);
  }
}
