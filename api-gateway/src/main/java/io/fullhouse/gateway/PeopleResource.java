package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.DurationAnswer;
import io.fullhouse.gateway.ApiMessages.HistoryAnswer;
import io.fullhouse.gateway.ApiMessages.ViewerListAnswer;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who watches, for keys that may see people by name. */
@Path("/api/viewer")
public final class PeopleResource {
  private static final PageLimit PAGE = new PageLimit(100, 1_000);

  private final People people;
  private final WatchHistory history;
  private final Answering answering;

  PeopleResource(People people, WatchHistory history, Answering answering) {
    this.people = people;
    this.history = history;
    this.answering = answering;
  }

  /** Who is present on a stage, named by its ARN or the short id at its end; page by page. */
  @GET
  @Path("/list/{stageArn: .+}")
  @Needs(Scope.PEOPLE)
  @Operation(
      value = "Who is present on a stage, page by page",
      data = ViewerListAnswer.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> list(
      @PathParam("stageArn") String stage,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return answering.with(people.viewers(stage, cursor, PAGE.of(limit)));
  }

  /** For how long a user has been watching. */
  @GET
  @Path("/duration")
  @Needs(Scope.PEOPLE)
  @Operation(
      value = "For how long a user has been watching",
      data = DurationAnswer.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> duration(
      @QueryParam("userId") @Nullable String user, @QueryParam("stageArn") @Nullable String stage) {
    RequestBody query = RequestBody.ofParameters().with("userId", user).with("stageArn", stage);
    Optional<UserId> whose = query.required("userId", Ids::user);
    Optional<StageArn> where = query.required("stageArn", Ids::stage);
    query.verify();
    return answering.with(people.duration(whose.orElseThrow(), where.orElseThrow()));
  }

  /** When a user watched, newest first; page by page. */
  @GET
  @Path("/history/{userId: .+}")
  @Needs(Scope.PEOPLE)
  @Operation(value = "When a user watched, page by page", data = HistoryAnswer.class)
  public CompletionStage<Response> history(
      @PathParam("userId") String user,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    RequestBody parameters = RequestBody.ofParameters().with("userId", user);
    Optional<UserId> whose = parameters.required("userId", Ids::user);
    parameters.verify();
    return answering.with(history.of(whose.orElseThrow(), cursor, PAGE.of(limit)));
  }
}
