package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationState;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationType;

class ReplicationTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private final Broadcast show = new Broadcast(sim, clients);

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_replica_publishes_in_the_destination_under_the_same_id() {
    show.start(show.destination, 0);

    ParticipantSummary replica = show.participants(show.destination).get(0);
    assertThat(replica.participantId()).isEqualTo(show.publisher);
    assertThat(replica.replicationType()).isEqualTo(ReplicationType.REPLICA);
    assertThat(replica.replicationState()).isEqualTo(ReplicationState.ACTIVE);
    assertThat(replica.sourceStageArn()).isEqualTo(show.source);
    assertThat(replica.sourceSessionId()).isEqualTo(clients.activeSession(show.source));
    assertThat(replica.published()).isTrue();
    ParticipantSummary original = show.participants(show.source).get(0);
    assertThat(original.replicationType()).isEqualTo(ReplicationType.SOURCE);
    assertThat(original.replicationState()).isEqualTo(ReplicationState.ACTIVE);

    ParticipantReplica listed = show.replicas().get(0);
    assertThat(listed.participantId()).isEqualTo(show.publisher);
    assertThat(listed.destinationStageArn()).isEqualTo(show.destination);
    assertThat(listed.destinationSessionId()).isEqualTo(clients.activeSession(show.destination));
    assertThat(listed.sourceSessionId()).isEqualTo(clients.activeSession(show.source));
    assertThat(listed.replicationState()).isEqualTo(ReplicationState.ACTIVE);
  }

  @Test
  void the_attributes_of_a_replication_are_laid_over_those_of_the_token() {
    String id =
        clients
            .connect(
                sim.ivs()
                    .createParticipantToken(
                        r -> r.stageArn(show.source).attributes(Map.of("a", "token", "b", "token")))
                    .participantToken()
                    .token())
            .get("participantId")
            .asText();
    clients.act("publish", show.source, id);
    sim.ivs()
        .startParticipantReplication(
            r ->
                r.sourceStageArn(show.source)
                    .destinationStageArn(show.destination)
                    .participantId(id)
                    .attributes(Map.of("b", "replica")));
    Participant replica =
        sim.ivs()
            .getParticipant(
                r ->
                    r.stageArn(show.destination)
                        .sessionId(clients.activeSession(show.destination))
                        .participantId(id))
            .participant();
    assertThat(replica.attributes()).isEqualTo(Map.of("a", "token", "b", "replica"));
  }

  @Test
  void five_replicas_are_the_most_and_a_stopped_one_makes_room() {
    show.start(show.destination, 0);
    for (int i = 0; i < 4; i++) {
      show.start(clients.stage(), 0);
    }
    String sixth = clients.stage();
    assertThat(Broadcast.status(() -> show.start(sixth, 0))).isEqualTo(402);
    show.stop(show.destination);
    show.start(sixth, 0);
    assertThat(
            sim.ivs()
                .listParticipantReplicasPaginator(
                    r -> r.sourceStageArn(show.source).participantId(show.publisher).maxResults(2))
                .replicas())
        .hasSize(6);
  }

  @Test
  void a_second_start_to_the_same_stage_is_a_conflict() {
    show.start(show.destination, 0);
    assertThat(Broadcast.status(() -> show.start(show.destination, 0))).isEqualTo(409);
  }

  @Test
  void only_one_who_publishes_on_the_source_itself_can_be_replicated() {
    String viewer = clients.viewer(show.source);
    assertThat(Broadcast.status(() -> show.start(viewer, show.destination, 0))).isEqualTo(404);
    assertThat(Broadcast.status(() -> show.start("nobody", show.destination, 0))).isEqualTo(404);
    assertThat(Broadcast.status(() -> show.start(show.source + "x", 0))).isEqualTo(404);
    assertThat(Broadcast.status(() -> show.start(show.source, 0))).isEqualTo(400);

    show.start(show.destination, 0);
    String third = clients.stage();
    assertThat(
            Broadcast.status(
                () ->
                    sim.ivs()
                        .startParticipantReplication(
                            r ->
                                r.sourceStageArn(show.destination)
                                    .destinationStageArn(third)
                                    .participantId(show.publisher))))
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"notPublishingStatus, 400", "notPublishingStatus, 409"})
  void what_is_not_documented_can_be_set(String limit, int status) {
    sim.steer("POST", "/limits", "{\"%s\":%d}".formatted(limit, status));
    assertThat(Broadcast.status(() -> show.start("nobody", show.destination, 0))).isEqualTo(status);
    assertThat(sim.http("POST", "/_sim/limits", "{\"%s\":418}".formatted(limit)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void windows_and_pages_have_their_limits() {
    assertThat(Broadcast.status(() -> show.start(show.destination, 301))).isEqualTo(400);
    assertThat(Broadcast.status(() -> show.start(show.destination, -1))).isEqualTo(400);
    assertThat(
            Broadcast.status(
                () ->
                    sim.ivs()
                        .listParticipantReplicas(
                            r ->
                                r.sourceStageArn(show.source)
                                    .participantId(show.publisher)
                                    .maxResults(51))))
        .isEqualTo(400);
    assertThat(Broadcast.status(() -> show.start("with_underscore", show.destination, 0)))
        .isEqualTo(400);
  }

  @Test
  void an_id_cannot_be_a_guest_and_a_replica_of_the_same_stage() {
    SelfSigner signer = SelfSigner.importing(sim.ivs());
    String here = signer.sign(claims(show.source));
    String there = signer.sign(claims(show.destination));
    clients.connect(here);
    clients.act("publish", show.source, "same");
    show.start("same", show.destination, 0);
    assertThat(Clients.code(clients.tryConnect(there))).isEqualTo("400 TOKEN_NOT_ALLOWED");
    show.stopOf("same", show.destination);
    clients.connect(there);
    assertThat(Broadcast.status(() -> show.start("same", show.destination, 0))).isEqualTo(409);
  }

  private ObjectNode claims(String stage) {
    return SelfSigner.claims(sim.ivs().getStage(r -> r.arn(stage)).stage(), "same", sim.now());
  }

  @Test
  void the_steering_shows_replicas_at_their_source() {
    show.start(show.destination, 0);
    JsonNode stage = sim.look("/stages?stage=" + show.source).at("/stages/0");
    assertThat(stage.at("/replicas/0/destinationStageArn").asText()).isEqualTo(show.destination);
    assertThat(stage.at("/replicas/0/replicationState").asText()).isEqualTo("ACTIVE");
  }
}
