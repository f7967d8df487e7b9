package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.MediaServerAnswer;
import io.fullhouse.gateway.ApiRequests.MediaServerRequest;
import io.fullhouse.gateway.auth.InternalSecret;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.ivs.ParticipantTokens;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.gateway.openapi.Proof;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Tokens for our own media servers, which both publish and subscribe. They are no viewers and take
 * no seat; that one publishes is known when IVS says so.
 */
@Path("/api/token/mediaserver")
@Consumes(MediaType.APPLICATION_JSON)
public final class MediaServerResource {
  private final InternalSecret secret;
  private final KnownStages stages;
  private final ParticipantTokens tokens;
  private final Duration tokenLife;
  private final Answering answering;

  MediaServerResource(
      InternalSecret secret,
      KnownStages stages,
      ParticipantTokens tokens,
      Duration tokenLife,
      Answering answering) {
    this.secret = secret;
    this.stages = stages;
    this.tokens = tokens;
    this.tokenLife = tokenLife;
    this.answering = answering;
  }

  @POST
  @Operation(
      value = "A token that publishes and subscribes",
      body = MediaServerRequest.class,
      data = MediaServerAnswer.class,
      proof = Proof.INTERNAL_SECRET,
      refuses = {
        ErrorCode.FORBIDDEN,
        ErrorCode.NOT_FOUND,
        ErrorCode.TOKEN_GENERATION_FAILED,
        ErrorCode.SERVICE_UNAVAILABLE
      })
  public CompletionStage<Response> token(@Context HttpHeaders headers, InputStream stream) {
    secret.require(headers.getHeaderString(InternalSecret.HEADER));
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> server = body.required("serverId", Ids::user);
    Optional<StageArn> stage = body.required("stageArn", Ids::stage);
    body.verify();
    Wish wish =
        new Wish(
            stage.orElseThrow(),
            server.orElseThrow(),
            Set.of(Capability.PUBLISH, Capability.SUBSCRIBE),
            tokenLife,
            Map.of(),
            Optional.empty());
    return answering.with(
        stages
            .require(wish.stage())
            .thenCompose(known -> tokens.create(wish))
            .thenApply(token -> answer(wish.stage(), token)));
  }

  private static MediaServerAnswer answer(StageArn stage, Token token) {
    return new MediaServerAnswer(
        token.text(),
        token.participant().value(),
        stage.value(),
        List.of("PUBLISH", "SUBSCRIBE"),
        Timestamps.of(token.expiresAt()));
  }
}
