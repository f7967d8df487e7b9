package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.DecisionsAnswer;
import io.fullhouse.gateway.ApiMessages.FloorAnswer;
import io.fullhouse.gateway.ApiMessages.ModeAnswer;
import io.fullhouse.gateway.ApiRequests.FloorRequest;
import io.fullhouse.gateway.ApiRequests.ModeRequest;
import io.fullhouse.gateway.ScalerMessages.DecisionList;
import io.fullhouse.gateway.ScalerMessages.ScalerAnswer;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.PrewarmSchedule;
import io.fullhouse.model.PrewarmWindow;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scaler as an operator sees it, and an operator's word to it. */
@Path("/api/scaler")
@Consumes(MediaType.APPLICATION_JSON)
public final class ScalerResource {
  private static final Logger log = LoggerFactory.getLogger(ScalerResource.class);

  private static final PageLimit PAGE = new PageLimit(50, 200);

  /** As {@link PrewarmWindow} has it. */
  private static final long MAX_SEATS = 100_000_000;

  private final OperatorDesk desk;
  private final Answering answering;

  ScalerResource(OperatorDesk desk, Answering answering) {
    this.desk = desk;
    this.answering = answering;
  }

  /** Limits, ceiling, load, schedule, last decision. */
  @GET
  @Needs({Scope.STATS, Scope.OPERATE})
  @Operation(value = "What the scaler sees, and is bound by", data = ScalerAnswer.class)
  public CompletionStage<Response> state() {
    return answering.with(desk.look().thenApply(Operations::toJson));
  }

  /** Each decision with the numbers behind it, newest first. */
  @GET
  @Path("/decisions")
  @Needs({Scope.STATS, Scope.OPERATE})
  @Operation(value = "Each decision with the numbers behind it", data = DecisionList.class)
  public CompletionStage<Response> decisions(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int count = PAGE.of(limit);
    return answering.with(
        desk.decisions(count, Optional.ofNullable(cursor).map(ScalerResource::entry))
            .thenApply(entries -> DecisionsAnswer.of(entries, count)));
  }

  private static EntryId entry(String text) {
    try {
      return EntryId.parse(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("cursor", Phrase.MUST_BE_CURSOR);
    }
  }

  /** Whether the scaler decides; it stays so until it is said anew. */
  @PUT
  @Path("/mode")
  @Needs(Scope.OPERATE)
  @Operation(
      value = "Whether the scaler decides by itself",
      body = ModeRequest.class,
      data = ModeAnswer.class)
  public CompletionStage<Response> mode(InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<String> mode = body.required("mode", ScalerResource::mode);
    body.verify();
    String wanted = mode.orElseThrow();
    return answering.with(
        desk.hold(wanted.equals("hold"))
            .thenApply(
                done -> {
                  log.info("an operator sets the scaler to {}", wanted);
                  return new ModeAnswer(wanted);
                }));
  }

  private static Parsed<String> mode(String text) {
    return text.equals("auto") || text.equals("hold")
        ? Parsed.of(text)
        : Parsed.wrong(Phrase.MUST_BE_EITHER.with("auto", "hold"));
  }

  /** At least so many seats in that window; it replaces the one before, and 0 removes it. */
  @PUT
  @Path("/floor")
  @Needs(Scope.OPERATE)
  @Operation(
      value = "Seats that are wanted beforehand",
      body = FloorRequest.class,
      data = FloorAnswer.class)
  public CompletionStage<Response> floor(InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<Long> seats = body.requiredNumber("seats", 0, MAX_SEATS);
    Optional<Instant> from = body.optional("from", ScalerResource::time);
    Optional<Instant> until = body.optional("until", ScalerResource::time);
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      body.refuse("until", Phrase.MUST_BE_AFTER.with("from"));
    }
    body.verify();
    PrewarmWindow window = new PrewarmWindow(seats.orElseThrow(), from, until);
    PrewarmSchedule schedule =
        window.seats() == 0 ? PrewarmSchedule.NONE : new PrewarmSchedule(List.of(window));
    return answering.with(
        desk.floor(schedule)
            .thenApply(
                done -> {
                  log.info("an operator wants seats beforehand: {}", window);
                  return FloorAnswer.of(window);
                }));
  }

  private static Parsed<Instant> time(String text) {
    try {
      return Parsed.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Parsed.wrong(Phrase.MUST_BE_TIME.with("2026-11-23T18:00:00Z"));
    }
  }
}
