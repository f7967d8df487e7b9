package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.OneStageAnswer;
import io.fullhouse.gateway.ApiMessages.PublisherStatusAnswer;
import io.fullhouse.gateway.ApiMessages.StageAnswer;
import io.fullhouse.gateway.ApiMessages.StagesAnswer;
import io.fullhouse.gateway.ApiMessages.StatsAnswer;
import io.fullhouse.gateway.ApiMessages.ViewersAnswer;
import io.fullhouse.gateway.StatsSnapshot.Stage;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.StageArn;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The numbers, from one snapshot that all requests of a moment share. */
@Path("/api/stats")
public final class StatsResource {
  private final StatsReader stats;
  private final StatsAnswers answers;
  private final Answering answering;

  StatsResource(StatsReader stats, StatsAnswers answers, Answering answering) {
    this.stats = stats;
    this.answers = answers;
    this.answering = answering;
  }

  /** Everything. */
  @GET
  @Needs(Scope.STATS)
  @Operation(value = "All numbers", data = StatsAnswer.class)
  public CompletionStage<Response> all() {
    return answer(answers::all);
  }

  @GET
  @Path("/viewers")
  @Needs(Scope.STATS)
  @Operation(value = "How many watch", data = ViewersAnswer.class)
  public CompletionStage<Response> viewers() {
    return answer(now -> new ViewersAnswer(now.totalViewers(), answers.timestamp(), now.asOf()));
  }

  @GET
  @Path("/publisher")
  @Needs(Scope.STATS)
  @Operation(value = "Whether somebody publishes", data = PublisherStatusAnswer.class)
  public CompletionStage<Response> publisher() {
    return answer(
        now ->
            new PublisherStatusAnswer(
                now.publisherLive(),
                now.liveSince().map(Timestamps::of).orElse(null),
                now.evidence().isEmpty() ? null : now.evidence(),
                answers.timestamp(),
                now.asOf()));
  }

  /** All stages, or the one that {@code arn} names. */
  @GET
  @Path("/stages")
  @Needs(Scope.STATS)
  @Operation(
      value = "All stages, or one of them",
      data = {StagesAnswer.class, OneStageAnswer.class},
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> stages(@QueryParam("arn") @Nullable String arn) {
    if (arn == null) {
      return answer(
          now -> {
            List<StageAnswer> all = answers.stages().of(now);
            return new StagesAnswer(all.size(), all, now.asOf());
          });
    }
    if (!StageArn.isValid(arn)) {
      throw ApiException.invalid("arn", Phrase.NOT_A_STAGE_ARN);
    }
    return one(stage -> stage.arn().value().equals(arn));
  }

  /** One stage, by its ARN or the short id at its end. */
  @GET
  @Path("/stages/{stageId: .+}")
  @Needs(Scope.STATS)
  @Operation(value = "One stage", data = OneStageAnswer.class, refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> stage(@PathParam("stageId") String id) {
    return one(stage -> stage.arn().value().equals(id) || stage.arn().id().equals(id));
  }

  private CompletionStage<Response> one(Predicate<Stage> wanted) {
    return answer(
        now ->
            now.stages().stream()
                .filter(wanted)
                .findFirst()
                .map(
                    stage ->
                        new OneStageAnswer(
                            stage.arn().value(),
                            stage.viewers(),
                            answers.stages().of(stage),
                            now.asOf()))
                .orElseThrow(KnownStages::unknown));
  }

  private CompletionStage<Response> answer(Function<StatsSnapshot, ?> shape) {
    return answering.with(stats.recent().thenApply(shape));
  }
}
