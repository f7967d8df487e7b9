package io.fullhouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.EntryId;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the scaler what to do by hand, and waits for what came of it: bounded, and without a
 * thread. Thread-safe.
 *
 * <p>The scaler refuses what it did not begin within {@link #BOUND}; what it began it brings to its
 * end, also when nobody waits any more.
 */
final class StageCommands {
  /** As in the scaler. */
  static final Duration BOUND = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(100);

  /** The scaler removes what it answered: more than this means that there is none. */
  private static final int MOST_PENDING = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final GatewayRedis redis;

  StageCommands(GatewayRedis redis) {
    this.redis = redis;
  }

  /** The scaler's data. */
  CompletionStage<JsonNode> carryOut(Map<String, String> fields) {
    XAddArgs bounded = XAddArgs.Builder.maxlen(MOST_PENDING).approximateTrimming();
    return redis
        .call(c -> c.xadd(redis.keys().scalerCommands(), bounded, fields))
        .thenCompose(id -> answer(EntryId.parse(id), BOUND.dividedBy(POLL)));
  }

  private CompletionStage<JsonNode> answer(EntryId command, long tries) {
    return redis
        .call(c -> c.get(redis.keys().scalerAnswer(command)))
        .thenCompose(text -> read(command, text, tries));
  }

  private CompletionStage<JsonNode> read(EntryId command, @Nullable String text, long tries) {
    JsonNode answer = parsed(text);
    if (answer.has("data")) {
      return CompletableFuture.completedStage(answer.path("data"));
    } else if (answer.has("code")) {
      return CompletableFuture.failedStage(refusal(answer));
    } else if (tries <= 0) {
      return CompletableFuture.failedStage(unanswered(command, answer.path("begun").asBoolean()));
    }
    Executor later = CompletableFuture.delayedExecutor(POLL.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> tries - 1, later)
        .thenCompose(left -> answer(command, left));
  }

  private static ApiException refusal(JsonNode answer) {
    Map<String, Object> details =
        JSON.convertValue(answer.path("details"), new TypeReference<Map<String, Object>>() {});
    ErrorCode code = ErrorCode.valueOf(answer.path("code").asText());
    return ApiException.with(
        code,
        ScalersWords.of(answer),
        details,
        code == ErrorCode.STAGE_LIMIT_REACHED ? RetryAfter.AT_LEISURE : RetryAfter.SHORTLY);
  }

  private static ApiException unanswered(EntryId command, boolean begun) {
    return ApiException.with(
        ErrorCode.SERVICE_UNAVAILABLE,
        begun ? Phrase.SCALER_AT_IT : Phrase.SCALER_SILENT,
        Map.of("commandId", command.toString(), "begun", begun),
        RetryAfter.OPENING);
  }

  private static JsonNode parsed(@Nullable String text) {
    try {
      return JSON.readTree(text == null ? "{}" : text);
    } catch (JsonProcessingException e) {
      throw new CompletionException(e);
    }
  }
}
