package io.fullhouse.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.ApiMessages.StageListAnswer;
import io.fullhouse.gateway.ApiMessages.StageViewAnswer;
import io.fullhouse.gateway.ApiRequests.RenameRequest;
import io.fullhouse.gateway.ApiRequests.StageRequest;
import io.fullhouse.gateway.FleetReader.FleetStage;
import io.fullhouse.gateway.ScalerMessages.DeleteAnswer;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import io.fullhouse.model.StageArn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stages by hand: shown from Redis, changed by the scaler. */
@Path("/api/stage")
@Consumes(MediaType.APPLICATION_JSON)
public final class StageResource {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** IVS Real-Time API reference, CreateStage: name. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9-_]{1,128}");

  private static final PageLimit PAGE = new PageLimit(100, 1_000);

  private final FleetReader fleet;
  private final StageCommands commands;
  private final StageArn master;
  private final Answering answering;

  StageResource(FleetReader fleet, StageCommands commands, StageArn master, Answering answering) {
    this.fleet = fleet;
    this.commands = commands;
    this.master = master;
    this.answering = answering;
  }

  /** All stages, page by page. */
  @GET
  @Path("/list")
  @Needs(Scope.STAGES)
  @Operation(value = "All stages, page by page", data = StageListAnswer.class)
  public CompletionStage<Response> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    int count = PAGE.of(limit);
    return answering.with(fleet.all().thenApply(all -> page(all, count, cursor)));
  }

  private static StageListAnswer page(List<FleetStage> all, int count, @Nullable String cursor) {
    List<FleetStage> rest =
        all.stream()
            .filter(stage -> cursor == null || stage.stageArn().compareTo(cursor) > 0)
            .toList();
    List<FleetStage> page = rest.stream().limit(count).toList();
    return new StageListAnswer(
        page, all.size(), page.size() == rest.size() ? null : page.get(page.size() - 1).stageArn());
  }

  /** The stage that is always there. */
  @GET
  @Path("/master/info")
  @Needs(Scope.STAGES)
  @Operation(
      value = "The stage that is always there",
      data = StageViewAnswer.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> master() {
    return view(master.value());
  }

  /** One stage, by its ARN or the short id at its end. */
  @GET
  @Path("/{stage: .+}")
  @Needs(Scope.STAGES)
  @Operation(value = "One stage", data = StageViewAnswer.class, refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> one(@PathParam("stage") String stage) {
    return view(stage);
  }

  private CompletionStage<Response> view(String named) {
    return answering.with(
        fleet
            .one(named)
            .thenApply(
                stage ->
                    new StageViewAnswer(
                        stage, stage.viewerCount(), stage.stageArn().equals(master.value()))));
  }

  /** A further stage, which only an operator closes. */
  @POST
  @Needs(Scope.STAGES)
  @Operation(
      value = "A further stage, which only an operator closes",
      body = StageRequest.class,
      data = FleetStage.class,
      status = 201,
      refuses = ErrorCode.STAGE_LIMIT_REACHED)
  public CompletionStage<Response> create(InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<String> name = body.required("name", StageResource::name);
    String tags = tags(body);
    body.verify();
    return answering.created(
        commands.carryOut(Map.of("op", "create", "name", name.orElseThrow(), "tags", tags)));
  }

  /** Text by text; IVS takes 50, of which ours are some. */
  private static String tags(RequestBody body) {
    JsonNode tags = body.node("tags");
    boolean valid = tags.isMissingNode() || tags.isNull() || (tags.isObject() && tags.size() <= 40);
    for (Map.Entry<String, JsonNode> tag : tags.properties()) {
      valid &=
          tag.getValue().isTextual()
              && !tag.getKey().isEmpty()
              && tag.getKey().length() <= 128
              && tag.getValue().textValue().length() <= 256
              && !tag.getKey().startsWith("aws:")
              && !tag.getKey().startsWith("fullhouse:");
    }
    if (!valid) {
      body.refuse("tags", Phrase.MUST_BE_TAGS);
      return "{}";
    }
    try {
      return tags.isObject() ? JSON.writeValueAsString(tags) : "{}";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Parsed<String> name(String text) {
    return NAME.matcher(text).matches() ? Parsed.of(text) : Parsed.wrong(Phrase.MUST_BE_STAGE_NAME);
  }

  /** Another name. */
  @PUT
  @Path("/{stage: .+}")
  @Needs(Scope.STAGES)
  @Operation(
      value = "Another name for a stage",
      body = RenameRequest.class,
      data = FleetStage.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> rename(@PathParam("stage") String stage, InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<String> name = body.required("name", StageResource::name);
    body.verify();
    return answering.with(
        changeable(stage)
            .thenCompose(
                found ->
                    commands.carryOut(
                        Map.of(
                            "op",
                            "rename",
                            "stage",
                            found.stageArn(),
                            "name",
                            name.orElseThrow()))));
  }

  /** At once while it is empty; else its viewers are moved away first, if so wanted. */
  @DELETE
  @Path("/{stage: .+}")
  @Needs(Scope.STAGES)
  @Operation(
      value = "A stage is deleted, or emptied first",
      data = DeleteAnswer.class,
      refuses = ErrorCode.NOT_FOUND)
  public CompletionStage<Response> delete(
      @PathParam("stage") String stage, @QueryParam("drain") @Nullable String drain) {
    if (drain != null && !drain.equals("true") && !drain.equals("false")) {
      throw ApiException.invalid("drain", Phrase.MUST_BE_EITHER.with("true", "false"));
    }
    return answering.with(
        changeable(stage)
            .thenCompose(
                found ->
                    commands.carryOut(
                        Map.of(
                            "op",
                            "delete",
                            "stage",
                            found.stageArn(),
                            "drain",
                            "true".equals(drain) ? "true" : "false"))));
  }

  private CompletionStage<FleetStage> changeable(String stage) {
    if (stage.equals(master.value()) || stage.equals(master.id())) {
      throw ApiException.of(ErrorCode.FORBIDDEN, "MASTER_STAGE", Phrase.MASTER_STAGE);
    }
    return fleet.one(stage);
  }
}
