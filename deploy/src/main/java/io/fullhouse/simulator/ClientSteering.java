package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Plays the clients of the stages: browsers and apps with a token. Thread-safe. */
final class ClientSteering {
  private static final String STAGE_ARN = "stageArn";
  private static final String PARTICIPANT_ID = "participantId";
  private static final String ERROR = "error";

  /** API model, EventErrorCode: what can go wrong while publishing. */
  private static final Set<String> PUBLISH_ERRORS =
      Set.of(
          "INSUFFICIENT_CAPABILITIES",
          "QUOTA_EXCEEDED",
          "BITRATE_EXCEEDED",
          "RESOLUTION_EXCEEDED",
          "STREAM_DURATION_EXCEEDED",
          "INVALID_AUDIO_CODEC",
          "INVALID_VIDEO_CODEC",
          "INVALID_PROTOCOL",
          "INVALID_STREAM_KEY",
          "REUSE_OF_STREAM_KEY",
          "B_FRAME_PRESENT",
          "INVALID_INPUT",
          "INTERNAL_SERVER_EXCEPTION");

  /** Of those that join at once, without tokens. */
  private static final int MAX_CROWD = 20_000;

  private static final Duration CROWD_LIFE = Duration.ofDays(14);

  /** Something a client does that is on the stage. */
  private interface Act {
    void carryOut(Room room, Guest guest, Instant now);
  }

  private final PassReader passes;
  private final Venue venue;

  ClientSteering(PassReader passes, Venue venue) {
    this.passes = passes;
    this.venue = venue;
  }

  Map<String, Function<Steering.Ask, ObjectNode>> routes() {
    return Map.of(
        "POST /_sim/connect",
        this::connect,
        "POST /_sim/crowd",
        this::crowd,
        "POST /_sim/publish",
        this::publish,
        "POST /_sim/unpublish",
        ask -> act(ask, (room, guest, now) -> venue.publishing().stop(room, guest, true, now)),
        "POST /_sim/leave",
        ask -> act(ask, venue.connections()::leave),
        "POST /_sim/vanish",
        ask -> act(ask, venue.connections()::vanish),
        "POST /_sim/reconnect",
        this::reconnect);
  }

  /** The signature is checked before the turn: it takes longer than all the rest. */
  private ObjectNode connect(Steering.Ask ask) {
    Input input = ask.input().knowing(Set.of("token"));
    Pass pass = passes.read(input.required("token", TextRule.ANY));
    return venue.turn(
        now -> {
          boolean evicted = venue.connections().join(pass, now);
          ObjectNode answer = told(pass.stageArn(), pass.participantId());
          return answer.put("evicted", evicted);
        });
  }

  /**
   * Many viewers join without tokens, whose signatures would take a minute for ten thousand. Those
   * before one that is refused have joined.
   */
  private ObjectNode crowd(Steering.Ask ask) {
    Input input = ask.input().knowing(Set.of(STAGE_ARN, "participants"));
    String arn = input.required(STAGE_ARN, TextRule.STAGE_ARN);
    List<Input> participants = input.objects("participants", MAX_CROWD);
    return venue.turn(
        now -> {
          for (Input participant : participants) {
            venue.connections().join(viewer(arn, participant, now.plus(CROWD_LIFE)), now);
          }
          return Json.object()
              .put(STAGE_ARN, arn)
              .put("sessionId", venue.rooms().activeSessionId(arn))
              .put("joined", participants.size());
        });
  }

  private static Pass viewer(String arn, Input participant, Instant expires) {
    participant.knowing(Set.of(PARTICIPANT_ID, "userId"));
    return new Pass(
        arn,
        participant.required(PARTICIPANT_ID, PassReader.JTI),
        participant.text("userId", TextRule.USER_ID).orElse(""),
        Map.of(),
        false,
        true,
        expires);
  }

  private ObjectNode publish(Steering.Ask ask) {
    Input input = ask.input().knowing(Set.of(STAGE_ARN, PARTICIPANT_ID, ERROR));
    Optional<String> error = input.text(ERROR, TextRule.ANY);
    if (error.isPresent() && !PUBLISH_ERRORS.contains(error.get())) {
      throw Input.invalid(ERROR, "must satisfy enum value set: " + PUBLISH_ERRORS);
    }
    return act(
        input,
        (room, guest, now) -> {
          if (error.isPresent()) {
            venue.publishing().fail(room, guest, error.get(), now);
          } else {
            venue.publishing().start(room, guest, now);
          }
        });
  }

  private ObjectNode act(Steering.Ask ask, Act act) {
    return act(ask.input().knowing(Set.of(STAGE_ARN, PARTICIPANT_ID)), act);
  }

  private ObjectNode act(Input input, Act act) {
    String arn = input.required(STAGE_ARN, TextRule.STAGE_ARN);
    String id = input.required(PARTICIPANT_ID, TextRule.DISCONNECTED_ID);
    return venue.turn(
        now -> {
          Room room = venue.rooms().get(arn);
          Guest guest = venue.connections().guest(room, id);
          if (guest.isVanished()) {
            throw new Refusal(AwsError.validation("participant " + id + " has no connection"));
          }
          act.carryOut(room, guest, now);
          return told(arn, id);
        });
  }

  private ObjectNode reconnect(Steering.Ask ask) {
    Input input = ask.input().knowing(Set.of(STAGE_ARN, PARTICIPANT_ID));
    String arn = input.required(STAGE_ARN, TextRule.STAGE_ARN);
    String id = input.required(PARTICIPANT_ID, TextRule.DISCONNECTED_ID);
    return venue.turn(
        now -> {
          venue.connections().reconnect(venue.rooms().get(arn), id, now);
          return told(arn, id);
        });
  }

  private ObjectNode told(String arn, String id) {
    Optional<Guest> guest = venue.rooms().find(arn).flatMap(room -> room.guest(id));
    return Json.object()
        .put(STAGE_ARN, arn)
        .put(PARTICIPANT_ID, id)
        .put("sessionId", venue.rooms().activeSessionId(arn))
        .put("connected", guest.isPresent())
        .put("publishing", guest.filter(Guest::isPublishing).isPresent());
  }
}
