package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.HistoryAnswer;
import io.fullhouse.gateway.ApiMessages.HistoryRecord;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.PastPresence;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * When a user watched: the presence there is, and those that the fold told of when they ended. One
 * trip and one instant, on Redis's clock. Writes nothing. Thread-safe.
 */
final class WatchHistory {
  private static final LuaScript HISTORY = LuaScript.load(WatchHistory.class, "history.lua");

  private final GatewayRedis redis;

  WatchHistory(GatewayRedis redis) {
    this.redis = redis;
  }

  /** What is known of a user. A record that somebody damaged is not. */
  private record Known(Optional<HistoryRecord> running, List<PastPresence> past) {}

  /**
   * One page, newest first; the presence there is begins the first one. Empty for whom nobody
   * knows.
   *
   * @param cursor of the page before; null for the first one
   * @throws ApiException when the cursor is none
   */
  CompletionStage<HistoryAnswer> of(UserId user, @Nullable String cursor, int limit) {
    Optional<EntryId> from = Optional.ofNullable(cursor).map(WatchHistory::entry);
    return redis
        .<List<Object>>script(HISTORY, ScriptOutputType.MULTI, user.value())
        .thenApply(reply -> page(user, known(user, reply), from, limit));
  }

  /** A page begins at the presence that this entry ended: it stays where it is as others end. */
  private static EntryId entry(String cursor) {
    try {
      return EntryId.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("cursor", Phrase.MUST_BE_CURSOR);
    }
  }

  private static Known known(UserId user, List<Object> reply) {
    Instant now = Instant.ofEpochMilli((Long) reply.get(0));
    String stage = (String) reply.get(1);
    Optional<HistoryRecord> running =
        StoredPresence.parse((String) reply.get(2))
            .filter(presence -> StageArn.isValid(stage))
            .map(presence -> running(user, stage, presence, now));
    List<PastPresence> past =
        ((List<?>) reply.get(3))
            .stream()
                .flatMap(json -> PastPresence.ofJson((String) json).stream())
                .distinct() // a log that is folded anew tells it anew
                .sorted(Comparator.comparing(PastPresence::end).reversed())
                .toList();
    return new Known(running, past);
  }

  private static HistoryRecord running(
      UserId user, String stage, StoredPresence presence, Instant now) {
    return new HistoryRecord(
        user.value(),
        stage,
        presence.id().participant(),
        Timestamps.of(presence.joined()),
        null,
        null,
        WatchTime.between(presence.joined(), now).seconds());
  }

  private static HistoryRecord over(UserId user, PastPresence past) {
    Instant joined = Instant.ofEpochMilli(past.joinedMillis());
    Instant left = Instant.ofEpochMilli(past.end().millis());
    return new HistoryRecord(
        user.value(),
        past.stage().value(),
        past.participant(),
        Timestamps.of(joined),
        Timestamps.of(left),
        past.reason(),
        WatchTime.between(joined, left).seconds());
  }

  private static HistoryAnswer page(UserId user, Known known, Optional<EntryId> from, int limit) {
    List<HistoryRecord> page = new ArrayList<>();
    if (from.isEmpty()) {
      known.running().ifPresent(page::add);
    }
    List<PastPresence> rest =
        known.past().stream()
            .filter(past -> from.isEmpty() || !past.end().isAfter(from.get()))
            .toList();
    int shown = Math.min(rest.size(), limit - page.size());
    rest.subList(0, shown).forEach(past -> page.add(over(user, past)));
    return new HistoryAnswer(
        user.value(),
        known.past().size() + (known.running().isPresent() ? 1 : 0),
        page,
        shown < rest.size() ? rest.get(shown).end().toString() : null);
  }
}
