package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantState;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;

class ConnectionsTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private String stage = "";

  @BeforeEach
  void createStage() {
    stage = clients.stage();
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_second_client_with_the_same_token_throws_the_first_out() {
    String token = clients.token(stage);
    JsonNode first = clients.connect(token);
    String id = first.get("participantId").asText();
    clients.act("publish", stage, id);

    JsonNode second = clients.connect(token);
    assertThat(first.get("evicted").asBoolean()).isFalse();
    assertThat(second.get("evicted").asBoolean()).isTrue();
    assertThat(second.get("publishing").asBoolean()).isFalse();
    assertThat(second.get("participantId").asText()).isEqualTo(id);
    assertThat(second.get("sessionId")).isEqualTo(first.get("sessionId"));
    assertThat(numbers().get("connected").asInt()).isEqualTo(1);
  }

  @Test
  void a_disconnected_participant_is_thrown_out_and_its_token_is_dead() {
    String token = clients.token(stage);
    String id = clients.connect(token).get("participantId").asText();
    clients.act("publish", stage, id);
    sim.ivs().disconnectParticipant(r -> r.stageArn(stage).participantId(id).reason("bye"));

    assertThat(numbers().get("connected").asInt()).isZero();
    assertThat(numbers().get("publishing").asInt()).isZero();
    assertThat(Clients.code(clients.tryConnect(token))).isEqualTo("400 PARTICIPANT_DISCONNECTED");
    assertThat(Clients.code(clients.tryAct("reconnect", stage, id)))
        .isEqualTo("400 PARTICIPANT_DISCONNECTED");
    sim.ivs().disconnectParticipant(r -> r.stageArn(stage).participantId(id));
    assertThatThrownBy(
            () -> sim.ivs().disconnectParticipant(r -> r.stageArn(stage).participantId("other")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void one_who_vanishes_counts_as_connected_until_ivs_notices() {
    String id = clients.publisher(stage);
    clients.act("vanish", stage, id);

    sim.pass(Duration.ofMillis(29_999));
    assertThat(state(id)).isEqualTo(ParticipantState.CONNECTED);
    assertThat(numbers().get("publishing").asInt()).isEqualTo(1);
    assertThat(Clients.code(clients.tryAct("unpublish", stage, id)))
        .isEqualTo("400 ValidationException");
    sim.pass(Duration.ofMillis(1));
    assertThat(state(id)).isEqualTo(ParticipantState.DISCONNECTED);
    assertThat(numbers().get("publishing").asInt()).isZero();
  }

  @Test
  void one_who_reconnects_in_time_was_never_gone() {
    String id = clients.publisher(stage);
    clients.act("vanish", stage, id);
    sim.pass(Duration.ofSeconds(29));
    clients.act("reconnect", stage, id);
    sim.pass(Duration.ofHours(1));
    assertThat(state(id)).isEqualTo(ParticipantState.CONNECTED);
    assertThat(numbers().get("publishing").asInt()).isEqualTo(1);
  }

  @Test
  void a_late_reconnect_is_a_join_that_publishes_again_what_broke_off() {
    String id = clients.publisher(stage);
    clients.act("vanish", stage, id);
    sim.pass(Duration.ofSeconds(31));
    JsonNode back = clients.act("reconnect", stage, id);
    assertThat(back.get("publishing").asBoolean()).isTrue();
    assertThat(state(id)).isEqualTo(ParticipantState.CONNECTED);

    clients.act("leave", stage, id);
    assertThat(clients.act("reconnect", stage, id).get("publishing").asBoolean()).isFalse();
  }

  @Test
  void nobody_reconnects_with_a_token_that_expired_or_never_was_here() {
    String id = clients.viewer(stage);
    clients.act("leave", stage, id);
    sim.pass(Duration.ofHours(12));
    assertThat(Clients.code(clients.tryAct("reconnect", stage, id))).isEqualTo("400 TOKEN_EXPIRED");
    assertThat(Clients.code(clients.tryAct("reconnect", stage, "nobody")))
        .isEqualTo("404 ResourceNotFoundException");
  }

  @Test
  void how_long_a_vanished_client_is_waited_for_can_be_set() {
    sim.steer("POST", "/limits", "{\"vanishMillis\":0}");
    String id = clients.viewer(stage);
    clients.act("vanish", stage, id);
    assertThat(state(id)).isEqualTo(ParticipantState.DISCONNECTED);
  }

  @Test
  void deleting_a_stage_throws_everybody_out_and_its_tokens_lead_nowhere() {
    String token = clients.token(stage);
    String id = clients.connect(token).get("participantId").asText();
    clients.act("vanish", stage, id);
    String other = clients.stage();
    String replicated = clients.publisher(stage);
    sim.ivs()
        .startParticipantReplication(
            r -> r.sourceStageArn(stage).destinationStageArn(other).participantId(replicated));
    sim.ivs().deleteStage(r -> r.arn(stage));

    assertThat(Clients.code(clients.tryConnect(token))).isEqualTo("400 STAGE_DELETED");
    assertThat(Clients.code(clients.tryAct("reconnect", stage, id)))
        .isEqualTo("404 ResourceNotFoundException");
    sim.pass(Duration.ofHours(1));
    JsonNode left = sim.look("/stages").get("stages");
    assertThat(left).hasSize(1);
    assertThat(left.at("/0/publishing").asInt()).isZero();
  }

  @Test
  void forged_and_mistaken_requests_are_refused_in_words() {
    String token = clients.token(stage);
    assertThat(Clients.code(clients.tryConnect(token.substring(0, token.length() - 2) + "xx")))
        .isEqualTo("400 TOKEN_NOT_ALLOWED");
    assertThat(sim.http("POST", "/_sim/connect", "{}").statusCode()).isEqualTo(400);
    assertThat(sim.http("POST", "/_sim/connect", "{\"tokken\":\"x\"}").statusCode()).isEqualTo(400);
    assertThat(Clients.code(clients.tryAct("leave", stage, "nobody")))
        .isEqualTo("404 ResourceNotFoundException");
    assertThat(Clients.code(clients.tryAct("leave", stage + "x", "nobody")))
        .isEqualTo("404 ResourceNotFoundException");
  }

  private ParticipantState state(String id) {
    return sim.ivs()
        .getParticipant(
            r -> r.stageArn(stage).sessionId(clients.activeSession(stage)).participantId(id))
        .participant()
        .state();
  }

  private JsonNode numbers() {
    return sim.look("/stages?participants=none&stage=" + stage).at("/stages/0");
  }
}
