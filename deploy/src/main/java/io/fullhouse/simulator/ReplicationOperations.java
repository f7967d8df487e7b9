package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The replication operations. Thread-safe. */
final class ReplicationOperations {
  /** API model: reconnectWindowSeconds of StartParticipantReplication. */
  private static final int MAX_WINDOW_SECONDS = 300;

  private final Venue venue;
  private final Lists lists;

  ReplicationOperations(Venue venue, Lists lists) {
    this.venue = venue;
    this.lists = lists;
  }

  Map<Operation, Work> works() {
    return Map.of(
        Operation.START_PARTICIPANT_REPLICATION, call -> venue.turn(now -> start(call, now)),
        Operation.STOP_PARTICIPANT_REPLICATION, call -> venue.turn(now -> stop(call, now)),
        Operation.LIST_PARTICIPANT_REPLICAS, call -> venue.turn(now -> list(call)));
  }

  private ObjectNode start(Call call, Instant now) {
    Input input = call.input();
    String sourceArn = source(input);
    String destinationArn = destination(input);
    String id = participantId(input);
    Duration window =
        Duration.ofSeconds(
            input.integer("reconnectWindowSeconds", 0, MAX_WINDOW_SECONDS).orElse(0));
    Map<String, String> attributes = TokenRequest.readAttributes(input);
    if (sourceArn.equals(destinationArn)) {
      throw new Refusal(AwsError.validation("Source and destination are the same stage"));
    }
    Room source = venue.rooms().get(sourceArn);
    Room destination = venue.rooms().get(destinationArn);
    venue
        .replications()
        .start(new Replications.Wanted(source, destination, id, window, attributes), now);
    return Json.object();
  }

  private ObjectNode stop(Call call, Instant now) {
    Input input = call.input();
    String sourceArn = source(input);
    String destinationArn = destination(input);
    String id = participantId(input);
    Room source = venue.rooms().get(sourceArn);
    venue.replications().stop(source, venue.rooms().get(destinationArn), id, now);
    return Json.object();
  }

  private ObjectNode list(Call call) {
    Input input = call.input();
    String sourceArn = source(input);
    String id = participantId(input);
    PageRequest request =
        PageRequest.read(input, Operation.LIST_PARTICIPANT_REPLICAS, sourceArn + id);
    return lists.answer(
        request,
        "replicas",
        () ->
            Optional.of(
                Page.of(venue.replications().inOrder(), request, it -> it.isOf(sourceArn, id))),
        Replication::toJson);
  }

  private static String source(Input input) {
    return input.required("sourceStageArn", TextRule.STAGE_ARN);
  }

  private static String destination(Input input) {
    return input.required("destinationStageArn", TextRule.STAGE_ARN);
  }

  private static String participantId(Input input) {
    return input.required("participantId", TextRule.PARTICIPANT_ID);
  }
}
