package io.fullhouse.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.live.Feed;
import io.fullhouse.model.EntryId;
import io.fullhouse.redis.LuaScript;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The numbers and notices of Redis, as those who watch are shown them. Thread-safe. */
final class RedisFeed implements Feed {
  /** Notices in one read. */
  private static final int PAGE = 500;

  /** What the scaler calls it, and what we do. */
  private static final Map<String, String> TYPES =
      Map.of("Stage Opened", "created", "Stage Draining", "draining", "Stage Closed", "deleted");

  private final LuaScript notices = LuaScript.load(RedisFeed.class, "notices.lua");
  private final GatewayRedis redis;
  private final StatsReader stats;
  private final StatsAnswers answers;
  private final ObjectMapper json;

  RedisFeed(GatewayRedis redis, StatsReader stats, StatsAnswers answers, ObjectMapper json) {
    this.redis = redis;
    this.stats = stats;
    this.answers = answers;
    this.json = json;
  }

  /** For sockets; names and order are the public contract. */
  private record StatsUpdate(
      String type,
      long totalViewers,
      long viewerCount,
      int activeStages,
      boolean isPublisherLive,
      String timestamp) {}

  /** For event streams; {@code reason} is for people. */
  @JsonInclude(Include.NON_NULL)
  private record StageEvent(
      String type,
      String stageArn,
      @Nullable String stageName,
      @Nullable Boolean autoScaled,
      @Nullable String reason,
      String timestamp) {}

  private record StageMessage(String type, String stageArn, String timestamp) {}

  @Override
  public CompletionStage<Picture> recent() {
    return stats.recent().thenApply(this::picture);
  }

  @Override
  public CompletionStage<Picture> fresh() {
    return stats.fresh().thenApply(this::picture);
  }

  private Picture picture(StatsSnapshot now) {
    ApiMessages.StatsAnswer answer = answers.all(now);
    return new Picture(
        now.counts(),
        now.notices(),
        List.of(answer.totalViewers(), answer.isPublisherLive(), answer.stages()),
        text(answer),
        text(
            new StatsUpdate(
                "stats_update",
                answer.totalViewers(),
                answer.totalViewers(),
                answer.activeStages(),
                answer.isPublisherLive(),
                answer.timestamp())));
  }

  @Override
  public CompletionStage<Page> stages(EntryId after, EntryId to) {
    return redis
        .<List<Object>>script(
            notices, ScriptOutputType.MULTI, after.toString(), to.toString(), "" + PAGE)
        .thenApply(this::page);
  }

  private Page page(List<Object> reply) {
    List<EntryId> ids = new ArrayList<>();
    List<StageChange> changes = new ArrayList<>();
    for (int i = 1; i + 1 < reply.size(); i += 2) {
      EntryId id = EntryId.parse((String) reply.get(i));
      ids.add(id);
      change(id, (String) reply.get(i + 1)).ifPresent(changes::add);
    }
    boolean whole = (Long) reply.get(0) == 1;
    return ids.isEmpty()
        ? new Page(whole, Optional.empty(), Optional.empty(), changes)
        : new Page(whole, Optional.of(ids.get(0)), Optional.of(ids.get(ids.size() - 1)), changes);
  }

  /** Empty for a notice about something else, and for one that somebody damaged. */
  private Optional<StageChange> change(EntryId id, String notice) {
    JsonNode told;
    try {
      told = json.readTree(notice);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    String type = TYPES.get(told.path("type").asText());
    JsonNode data = told.path("data");
    String arn = data.path("stageArn").asText();
    if (type == null || arn.isEmpty()) {
      return Optional.empty();
    }
    String timestamp = Timestamps.of(Instant.ofEpochMilli(id.millis()));
    StageEvent event =
        new StageEvent(
            type,
            arn,
            data.path("name").textValue(),
            data.path("autoScaled").isBoolean() ? data.path("autoScaled").booleanValue() : null,
            data.path("reason").textValue(),
            timestamp);
    return Optional.of(
        new StageChange(id, text(event), text(new StageMessage("stage_" + type, arn, timestamp))));
  }

  private String text(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("records of ours can be written", e);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // a generic array of two streams: Lettuce's varargs
  @Override
  public CompletionStage<Boolean> news(Picture than, Duration within) {
    return redis
        .blocking(
            c ->
                c.xread(
                    XReadArgs.Builder.block(within).count(1),
                    StreamOffset.from(redis.keys().counts(), than.counts().toString()),
                    StreamOffset.from(redis.keys().notices(), than.notices().toString())))
        .thenApply(found -> !found.isEmpty());
  }
}
