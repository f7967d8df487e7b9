package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenCapability;

/** The clients of a simulator's stages, played by its steering. */
final class Clients {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestSimulator sim;

  Clients(TestSimulator sim) {
    this.sim = sim;
  }

  String stage() {
    return sim.ivs().createStage(r -> {}).stage().arn();
  }

  String token(String stage, ParticipantTokenCapability... capabilities) {
    return sim.ivs()
        .createParticipantToken(r -> r.stageArn(stage).userId("u").capabilities(capabilities))
        .participantToken()
        .token();
  }

  /** Joins with a token. */
  JsonNode connect(String token) {
    return TestSimulator.json(ok(tryConnect(token)));
  }

  HttpResponse<String> tryConnect(String token) {
    return sim.http(
        "POST", "/_sim/connect", JSON.createObjectNode().put("token", token).toString());
  }

  /** Somebody who only watches; says its participant id. */
  String viewer(String stage) {
    return connect(token(stage, ParticipantTokenCapability.SUBSCRIBE))
        .get("participantId")
        .asText();
  }

  /** Somebody who has begun to publish; says its participant id. */
  String publisher(String stage) {
    String id =
        connect(token(stage, ParticipantTokenCapability.PUBLISH)).get("participantId").asText();
    act("publish", stage, id);
    return id;
  }

  JsonNode act(String what, String stage, String participantId) {
    return TestSimulator.json(ok(tryAct(what, stage, participantId)));
  }

  HttpResponse<String> tryAct(String what, String stage, String participantId) {
    return sim.http(
        "POST",
        "/_sim/" + what,
        JSON.createObjectNode()
            .put("stageArn", stage)
            .put("participantId", participantId)
            .toString());
  }

  String activeSession(String stage) {
    return sim.ivs().getStage(r -> r.arn(stage)).stage().activeSessionId();
  }

  /** What the steering says went wrong. */
  static String code(HttpResponse<String> answer) {
    return answer.statusCode() + " " + TestSimulator.json(answer).path("code").asText();
  }

  private static HttpResponse<String> ok(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return answer;
  }
}
