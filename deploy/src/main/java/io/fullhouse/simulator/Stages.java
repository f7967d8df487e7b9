package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The stage operations. Thread-safe. */
final class Stages {
  /** API model: participantTokenConfigurations of CreateStage. */
  private static final int MAX_TOKENS = 12;

  private final ResourceTable<Stage> table;
  private final String arnPrefix;
  private final Venue venue;
  private final Tokens tokens;
  private final Limits limits;
  private final Lists lists;
  private final InstantSource time;

  Stages(
      String arnPrefix,
      ResourceTable<Stage> table,
      Venue venue,
      Tokens tokens,
      Limits limits,
      Lists lists,
      InstantSource time) {
    this.arnPrefix = arnPrefix + "stage/";
    this.table = table;
    this.venue = venue;
    this.tokens = tokens;
    this.limits = limits;
    this.lists = lists;
    this.time = time;
  }

  Map<Operation, Work> works() {
    return Map.of(
        Operation.CREATE_STAGE, this::create,
        Operation.GET_STAGE, this::get,
        Operation.UPDATE_STAGE, this::update,
        Operation.DELETE_STAGE, this::delete,
        Operation.LIST_STAGES, this::list,
        Operation.CREATE_PARTICIPANT_TOKEN, this::createToken);
  }

  /** A stage that is there from the start, if an earlier run did not leave it. Without a quota. */
  void addExisting(String id, String name) {
    if (table.find(arnPrefix + id).isEmpty()) {
      table.add(new Stage(arnPrefix + id, name, Map.of(), time.instant()), 0);
    }
  }

  private ObjectNode create(Call call) {
    Input input = call.input();
    String name = input.text("name", TextRule.NAME).orElse("");
    Map<String, String> tags = Tags.read(input);
    refuseRecording(input);
    List<TokenRequest> requests =
        input.objects("participantTokenConfigurations", MAX_TOKENS).stream()
            .map(TokenRequest::read)
            .toList();
    Stage stage = new Stage(arnPrefix + Ids.next(), name, tags, time.instant());
    table.add(stage, limits.get(Limit.MAX_STAGES));
    ObjectNode answer = Json.object();
    answer.set("stage", stage.toJson(""));
    ArrayNode minted = answer.putArray("participantTokens");
    requests.forEach(request -> minted.add(tokens.mint(stage, request)));
    return answer;
  }

  private ObjectNode get(Call call) {
    return answer(table.get(arn(call.input())));
  }

  private ObjectNode update(Call call) {
    Input input = call.input();
    String arn = arn(input);
    refuseRecording(input);
    return input
        .text("name", TextRule.NAME)
        .map(name -> answer(table.update(arn, stage -> stage.withName(name))))
        .orElseGet(() -> answer(table.get(arn)));
  }

  private ObjectNode delete(Call call) {
    String arn = arn(call.input());
    return venue.turn(
        now -> {
          venue.close(venue.rooms().get(arn), now);
          table.remove(arn);
          return Json.object();
        });
  }

  private ObjectNode list(Call call) {
    return venue.turn(
        now ->
            lists.answer(
                call.input(),
                Operation.LIST_STAGES,
                "stages",
                table,
                stage -> stage.summary(activeSessionId(stage))));
  }

  private ObjectNode createToken(Call call) {
    Input input = call.input();
    String arn = input.required("stageArn", TextRule.STAGE_ARN);
    TokenRequest request = TokenRequest.read(input);
    ObjectNode answer = Json.object();
    answer.set("participantToken", tokens.mint(table.get(arn), request));
    return answer;
  }

  private static String arn(Input input) {
    return input.required("arn", TextRule.STAGE_ARN);
  }

  private ObjectNode answer(Stage stage) {
    ObjectNode answer = Json.object();
    answer.set("stage", venue.turn(now -> stage.toJson(activeSessionId(stage))));
    return answer;
  }

  private String activeSessionId(Stage stage) {
    return venue.rooms().activeSessionId(stage.arn());
  }

  /** Nothing is recorded here, so no storage configuration exists that a stage could name. */
  private static void refuseRecording(Input input) {
    input
        .object("autoParticipantRecordingConfiguration")
        .map(it -> it.required("storageConfigurationArn", TextRule.STORAGE_CONFIGURATION_ARN))
        .filter(arn -> !arn.isEmpty())
        .ifPresent(
            arn -> {
              throw new Refusal(
                  AwsError.validation("Storage configuration " + arn + " does not exist"));
            });
  }
}
