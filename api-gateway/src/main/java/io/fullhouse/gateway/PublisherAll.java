package io.fullhouse.gateway;

import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.StatsSnapshot.State;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.model.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publisher tokens for several stages at once: for all that are open, or for as many sources as the
 * most stages need. Thread-safe.
 *
 * <p>Sources are the master and the oldest open stages, so that asking again names the same ones.
 * One stage's refusal costs that stage only; it fails when there is no token at all.
 */
final class PublisherAll {
  /** A source, and the five it feeds: replicas of a participant (IVS service quotas). */
  static final int STAGES_PER_SOURCE = 6;

  private static final Logger logger = LoggerFactory.getLogger(PublisherAll.class);

  private final Publishers publishers;
  private final StatsReader stats;
  private final int maxStages;

  PublisherAll(Publishers publishers, StatsReader stats, int maxStages) {
    this.publishers = publishers;
    this.stats = stats;
    this.maxStages = maxStages;
  }

  /** One stage's token. */
  record Given(StageArn stage, Token token) {}

  /** A stage that got none. */
  record Refused(StageArn stage, Throwable cause) {}

  /**
   * What came of it.
   *
   * @param missing sources for which no stage is open yet
   */
  record Outcome(List<Given> given, List<Refused> refused, int missing) {}

  /** One token for each open stage. */
  CompletionStage<Outcome> everyStage(UserId user, String requestId) {
    return stats.fresh().thenCompose(now -> tokens(stages(now), 0, user, requestId));
  }

  /** One token for every six stages that there may be. */
  CompletionStage<Outcome> sources(UserId user, String requestId) {
    int wanted = (maxStages - 1) / STAGES_PER_SOURCE + 1;
    return stats
        .fresh()
        .thenCompose(
            now -> {
              List<StageArn> sources = stages(now).stream().limit(wanted).toList();
              return tokens(sources, wanted - sources.size(), user, requestId);
            });
  }

  private List<StageArn> stages(StatsSnapshot now) {
    Stream<StageArn> others =
        now.stages().stream()
            .filter(stage -> stage.state() == State.ACTIVE)
            .sorted(
                Comparator.comparing(PublisherAll::createdAt)
                    .thenComparing(stage -> stage.arn().value()))
            .map(Stage::arn);
    return Stream.concat(Stream.of(publishers.stage()), others).distinct().toList();
  }

  private static Instant createdAt(Stage stage) {
    return stage.metadata().map(StageMetadata::createdAt).orElse(Instant.MAX);
  }

  private CompletionStage<Outcome> tokens(
      List<StageArn> stages, int missing, UserId user, String requestId) {
    List<CompletableFuture<Object>> answers = new ArrayList<>();
    for (StageArn stage : stages) {
      answers.add(
          publishers
              .token(stage, user, Map.of(), requestId)
              .<Object>thenApply(token -> new Given(stage, token))
              .exceptionally(failure -> refused(stage, failure))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> outcome(answers.stream().map(CompletableFuture::join).toList(), missing));
  }

  private static Refused refused(StageArn stage, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    logger.warn("no publisher token for stage {}: {}", stage, cause.toString());
    return new Refused(stage, cause);
  }

  private static Outcome outcome(List<Object> answers, int missing) {
    List<Given> given = only(Given.class, answers);
    List<Refused> refused = only(Refused.class, answers);
    if (given.isEmpty()) {
      throw new CompletionException(refused.get(0).cause());
    }
    return new Outcome(given, refused, missing);
  }

  private static <T> List<T> only(Class<T> type, List<Object> answers) {
    return answers.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
