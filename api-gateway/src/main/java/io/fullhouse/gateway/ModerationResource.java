package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.BanAnswer;
import io.fullhouse.gateway.ApiMessages.BansAnswer;
import io.fullhouse.gateway.ApiMessages.KickAnswer;
import io.fullhouse.gateway.ApiRequests.BanRequest;
import io.fullhouse.gateway.ApiRequests.KickRequest;
import io.fullhouse.gateway.ApiRequests.UnbanRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.Ids;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.RequestId;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A moderator sends users away: for good, for a time, or until they join again. */
@Path("/api/viewer")
@Consumes(MediaType.APPLICATION_JSON)
public final class ModerationResource {
  private static final Logger log = LoggerFactory.getLogger(ModerationResource.class);

  /** Characters. */
  private static final int MAX_REASON = 500;

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final PageLimit PAGE = new PageLimit(100, 1_000);

  private final Moderation moderation;
  private final Answering answering;

  ModerationResource(Moderation moderation, Answering answering) {
    this.moderation = moderation;
    this.answering = answering;
  }

  /** Out now, and not in again before it is over. Also for who is not there. */
  @POST
  @Path("/ban")
  @Needs(Scope.MODERATE)
  @Operation(
      value = "A user is sent away, and not let in again",
      body = BanRequest.class,
      data = BanAnswer.class)
  public CompletionStage<Response> ban(@Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> user = body.required("userId", Ids::user);
    Optional<Instant> until = body.optional("until", ModerationResource::time);
    Optional<String> reason = body.optional("reason", ModerationResource::reason);
    body.verify();
    return answering.with(
        moderation
            .ban(user.orElseThrow(), until, reason.orElse(""), RequestId.of(request))
            .thenApply(
                since -> {
                  log.info("a moderator bans a user");
                  Ban ban = new Ban(since, until, reason.filter(text -> !text.isEmpty()));
                  return BanAnswer.of(user.orElseThrow().value(), ban);
                }));
  }

  /** May come in again. The user is named in the body or, where that is not sent, in the query. */
  @DELETE
  @Path("/ban")
  @Needs(Scope.MODERATE)
  @Operation(value = "A user may come in again", body = UnbanRequest.class, data = BanAnswer.class)
  public CompletionStage<Response> unban(
      @Context HttpServletRequest request,
      @QueryParam("userId") @Nullable String named,
      InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    UserId user = user(body, named);
    return answering.with(
        moderation
            .unban(user, RequestId.of(request))
            .thenApply(
                lifted -> {
                  if (lifted) {
                    log.info("a moderator lifts a ban");
                  }
                  return new BanAnswer(user.value(), false, null, null, null);
                }));
  }

  private static UserId user(RequestBody body, @Nullable String named) {
    if (named == null) {
      Optional<UserId> user = body.required("userId", Ids::user);
      body.verify();
      return user.orElseThrow();
    }
    Optional<UserId> user = body.optional("userId", Ids::user);
    if (user.isPresent() && !user.get().value().equals(named)) {
      body.refuse("userId", Phrase.MUST_AGREE);
    }
    body.verify();
    return Ids.user(named).orRefuse("userId");
  }

  /** All bans, page by page. */
  @GET
  @Path("/bans")
  @Needs(Scope.MODERATE)
  @Operation(value = "All bans, page by page", data = BansAnswer.class)
  public CompletionStage<Response> bans(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int count = PAGE.of(limit);
    return answering.with(
        moderation
            .bans(Optional.ofNullable(cursor).map(BanCursor::read), count)
            .thenApply(ModerationResource::answer));
  }

  private static BansAnswer answer(Moderation.Page page) {
    String last = null;
    for (Map.Entry<String, Ban> each : page.bans().entrySet()) {
      last = BanCursor.write(each);
    }
    return new BansAnswer(
        page.total(),
        page.bans().entrySet().stream()
            .map(each -> BanAnswer.of(each.getKey(), each.getValue()))
            .toList(),
        page.more() ? last : null);
  }

  /** Out now; the user may join again, but not with the seat it has. */
  @POST
  @Path("/kick")
  @Needs(Scope.MODERATE)
  @Operation(
      value = "A user is sent away, and may join again",
      body = KickRequest.class,
      data = KickAnswer.class)
  public CompletionStage<Response> kick(@Context HttpServletRequest request, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<UserId> user = body.required("userId", Ids::user);
    Optional<String> reason = body.optional("reason", ModerationResource::reason);
    body.verify();
    return answering.with(
        moderation
            .kick(user.orElseThrow(), reason.orElse(""), RequestId.of(request))
            .thenApply(
                stage -> {
                  stage.ifPresent(arn -> log.info("a moderator kicks a user off stage {}", arn));
                  return new KickAnswer(
                      user.orElseThrow().value(), stage.isPresent(), stage.orElse(null));
                }));
  }

  private static Parsed<Instant> time(String text) {
    try {
      Instant time = Instant.parse(text);
      if (time.isAfter(Instant.EPOCH) && !time.isAfter(LAST)) {
        return Parsed.of(time);
      }
    } catch (DateTimeException e) {
      // said below
    }
    return Parsed.wrong(Phrase.MUST_BE_TIME.with("2026-11-23T18:00:00Z"));
  }

  private static Parsed<String> reason(String text) {
    return text.length() > MAX_REASON
        ? Parsed.wrong(Phrase.OVER_CHARACTERS.with(MAX_REASON))
        : Parsed.of(text);
  }
}
