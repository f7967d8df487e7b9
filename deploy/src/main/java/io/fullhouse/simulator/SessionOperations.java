package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The operations that tell of sessions and who took part. Thread-safe. */
final class SessionOperations {
  private final Venue venue;
  private final Limits limits;
  private final Lists lists;

  SessionOperations(Venue venue, Limits limits, Lists lists) {
    this.venue = venue;
    this.limits = limits;
    this.lists = lists;
  }

  Map<Operation, Work> works() {
    return Map.of(
        Operation.LIST_STAGE_SESSIONS, inTurn(this::listSessions),
        Operation.GET_STAGE_SESSION, inTurn((call, now) -> getSession(call)),
        Operation.LIST_PARTICIPANTS, inTurn((call, now) -> listParticipants(call)),
        Operation.GET_PARTICIPANT, inTurn((call, now) -> getParticipant(call)),
        Operation.LIST_PARTICIPANT_EVENTS, inTurn((call, now) -> listEvents(call)),
        Operation.DISCONNECT_PARTICIPANT, inTurn(this::disconnect));
  }

  private Work inTurn(BiFunction<Call, Instant, ObjectNode> work) {
    return call -> venue.turn(now -> work.apply(call, now));
  }

  private ObjectNode listSessions(Call call, Instant now) {
    Input input = call.input();
    String arn = stageArn(input);
    PageRequest request = PageRequest.read(input, Operation.LIST_STAGE_SESSIONS, arn);
    return lists.answer(
        request,
        "stageSessions",
        () -> known(venue.rooms().find(arn), arn).map(room -> Page.of(room.sessions(), request)),
        Session::toJson);
  }

  private ObjectNode getSession(Call call) {
    ObjectNode answer = Json.object();
    answer.set("stageSession", session(call.input()).toJson());
    return answer;
  }

  private ObjectNode listParticipants(Call call) {
    Input input = call.input();
    String arn = stageArn(input);
    String sessionId = sessionId(input);
    ParticipantFilter filter = ParticipantFilter.read(input);
    PageRequest request =
        PageRequest.read(input, Operation.LIST_PARTICIPANTS, arn + sessionId + filter.text());
    return lists.answer(
        request,
        "participants",
        () ->
            known(find(arn, sessionId), sessionId)
                .map(session -> Page.of(session.participants(), request, filter)),
        Participant::summary);
  }

  private ObjectNode getParticipant(Call call) {
    Input input = call.input();
    String id = input.required("participantId", TextRule.PARTICIPANT_ID);
    ObjectNode answer = Json.object();
    answer.set("participant", participant(session(input), id).toJson());
    return answer;
  }

  private ObjectNode listEvents(Call call) {
    Input input = call.input();
    String arn = stageArn(input);
    String sessionId = sessionId(input);
    String id = input.required("participantId", TextRule.PARTICIPANT_ID);
    PageRequest request =
        PageRequest.read(input, Operation.LIST_PARTICIPANT_EVENTS, arn + sessionId + id);
    return lists.answer(
        request,
        "events",
        () ->
            known(find(arn, sessionId).flatMap(session -> session.find(id)), id)
                .map(participant -> Page.of(participant.events(), request)),
        ParticipantEvent::toJson);
  }

  private ObjectNode disconnect(Call call, Instant now) {
    Input input = call.input();
    String arn = stageArn(input);
    String id = input.required("participantId", TextRule.DISCONNECTED_ID);
    input.text("reason", TextRule.REASON);
    venue.connections().disconnect(venue.rooms().get(arn), id, now);
    return Json.object();
  }

  private Session session(Input input) {
    String arn = stageArn(input);
    String sessionId = sessionId(input);
    return find(arn, sessionId).orElseThrow(() -> unknown(sessionId));
  }

  private Optional<Session> find(String arn, String sessionId) {
    return venue.rooms().find(arn).flatMap(room -> room.session(sessionId));
  }

  private static Participant participant(Session session, String id) {
    return session.find(id).orElseThrow(() -> unknown(id));
  }

  /**
   * The lists declare no ResourceNotFoundException, and what they say of something unknown is not
   * documented: steering chooses the status, or an empty list.
   */
  private <T> Optional<T> known(Optional<T> found, String what) {
    int status = limits.get(Limit.UNKNOWN_LIST_STATUS);
    if (found.isEmpty() && status > 0) {
      throw new Refusal(AwsError.withStatus(status, "Resource: " + what + " not found"));
    }
    return found;
  }

  private static Refusal unknown(String what) {
    return new Refusal(AwsError.notFound("Resource: " + what + " not found"));
  }

  private static String stageArn(Input input) {
    return input.required("stageArn", TextRule.STAGE_ARN);
  }

  private static String sessionId(Input input) {
    return input.required("sessionId", TextRule.SESSION_ID);
  }
}
