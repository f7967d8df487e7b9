package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.Instructions;
import io.fullhouse.gateway.ApiMessages.JoinAnswer;
import io.fullhouse.gateway.ApiMessages.PublisherAllAnswer;
import io.fullhouse.gateway.ApiMessages.PublisherAnswer;
import io.fullhouse.gateway.ApiMessages.StageFailure;
import io.fullhouse.gateway.ApiMessages.StageToken;
import io.fullhouse.gateway.ApiRequests.JoinRequest;
import io.fullhouse.gateway.ApiRequests.PublisherAllRequest;
import io.fullhouse.gateway.ApiRequests.PublisherRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.limit.RequestLimits;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Participant tokens, for the application's backend alone. */
@Path("/api/token")
@Consumes(MediaType.APPLICATION_JSON)
public final class TokenResource {
  private final RequestLimits limits;
  private final Joins joins;
  private final Publishers publishers;
  private final PublisherAll publisherAll;
  private final String whipEndpoint;
  private final InstantSource time;
  private final Answering answering;

  TokenResource(
      RequestLimits limits,
      Joins joins,
      Publishers publishers,
      PublisherAll publisherAll,
      String whipEndpoint,
      InstantSource time,
      Answering answering) {
    this.limits = limits;
    this.joins = joins;
    this.publishers = publishers;
    this.publisherAll = publisherAll;
    this.whipEndpoint = whipEndpoint;
    this.time = time;
    this.answering = answering;
  }

  /** A viewer token, and the seat that goes with it. */
  @POST
  @Path("/viewer")
  @Needs(Scope.JOIN)
  @Operation(
      value = "A viewer token, and the seat that goes with it",
      body = JoinRequest.class,
      data = JoinAnswer.class,
      refuses = {
        ErrorCode.NOT_FOUND,
        ErrorCode.TOO_MANY_REQUESTS,
        ErrorCode.TOKEN_GENERATION_FAILED,
        ErrorCode.STAGE_FULL
      })
  public CompletionStage<Response> viewer(@Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> user = body.required("userId", Ids::user);
    Optional<StageArn> stage = body.optional("stageArn", Ids::stage);
    Map<String, String> attributes = body.attributes();
    body.verify();
    String requestId = RequestId.of(request);
    return answering.with(
        limits
            .join(user.orElseThrow(), request)
            .thenCompose(granted -> joins.join(user.orElseThrow(), stage, attributes, requestId)));
  }

  /** A publisher token for the master stage; the publisher counts as live from then on. */
  @POST
  @Path("/publisher")
  @Needs(Scope.PUBLISH)
  @Operation(
      value = "A publisher token for the master stage",
      body = PublisherRequest.class,
      data = PublisherAnswer.class,
      refuses = ErrorCode.TOKEN_GENERATION_FAILED)
  public CompletionStage<Response> publisher(
      @Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> user = body.required("userId", Ids::user);
    Map<String, String> attributes = body.attributes();
    body.verify();
    Language language = Language.of(request);
    return answering.with(
        publishers
            .token(user.orElseThrow(), attributes, RequestId.of(request))
            .thenApply(token -> answer(user.orElseThrow(), token, language)));
  }

  /**
   * Publisher tokens for every open stage, or for the sources that all stages can be fed from.
   *
   * @param sources {@code true} for one token per six stages
   */
  @POST
  @Path("/publisher-all")
  @Needs(Scope.PUBLISH)
  @Operation(
      value = "Publisher tokens for every stage, or for the sources of all stages",
      body = PublisherAllRequest.class,
      data = PublisherAllAnswer.class,
      refuses = ErrorCode.TOKEN_GENERATION_FAILED)
  public CompletionStage<Response> publisherAll(
      @Context HttpServletRequest request,
      @QueryParam("sources") @DefaultValue("false") String sources,
      InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> given = body.required("userId", Ids::user);
    body.verify();
    UserId user = given.orElseThrow();
    String requestId = RequestId.of(request);
    Language language = Language.of(request);
    return answering.with(
        (sources.equals("true")
                ? publisherAll.sources(user, requestId)
                : publisherAll.everyStage(user, requestId))
            .thenApply(outcome -> answer(user, outcome, language)));
  }

  private PublisherAllAnswer answer(UserId user, PublisherAll.Outcome outcome, Language language) {
    List<StageFailure> failures = new ArrayList<>();
    outcome
        .refused()
        .forEach(
            refused ->
                failures.add(
                    new StageFailure(
                        refused.stage().value(), Phrase.NO_TOKEN_FOR_STAGE.in(language))));
    for (int i = 0; i < outcome.missing(); i++) {
      failures.add(new StageFailure(null, Phrase.NO_STAGE_FOR_SOURCE.in(language)));
    }
    int given = outcome.given().size();
    return new PublisherAllAnswer(
        user.value(),
        given + failures.size(),
        given,
        failures.size(),
        outcome.given().stream().map(this::stageToken).toList(),
        failures,
        whipEndpoint);
  }

  private StageToken stageToken(PublisherAll.Given given) {
    Token token = given.token();
    return new StageToken(
        given.stage().value(),
        given.stage().id(),
        token.text(),
        token.participant().value(),
        List.of("PUBLISH"),
        Timestamps.of(token.expiresAt()),
        secondsTo(token));
  }

  private long secondsTo(Token token) {
    return Math.max(0, Duration.between(time.instant(), token.expiresAt()).toSeconds());
  }

  private PublisherAnswer answer(UserId user, Token token, Language language) {
    return new PublisherAnswer(
        token.text(),
        token.participant().value(),
        user.value(),
        publishers.stage().value(),
        List.of("PUBLISH"),
        Timestamps.of(token.expiresAt()),
        secondsTo(token),
        whipEndpoint,
        new Instructions(
            Phrase.PUBLISH_WITH_OBS.with(whipEndpoint).in(language),
            Phrase.PUBLISH_FROM_WEB.in(language)));
  }
}
