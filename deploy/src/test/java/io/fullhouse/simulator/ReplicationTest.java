package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ivsrealtime.model.Event;
import software.amazon.awssdk.services.ivsrealtime.model.EventName;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantSummary;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationState;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationType;

class ReplicationTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private String source = "";
  private String destination = "";
  private String publisher = "";

  @BeforeEach
  void publish() {
    source = clients.stage();
    destination = clients.stage();
    publisher = clients.publisher(source);
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_replica_publishes_in_the_destination_under_the_same_id() {
    start(destination, 0);

    ParticipantSummary replica = participants(destination).get(0);
    assertThat(replica.participantId()).isEqualTo(publisher);
    assertThat(replica.replicationType()).isEqualTo(ReplicationType.REPLICA);
    assertThat(replica.replicationState()).isEqualTo(ReplicationState.ACTIVE);
    assertThat(replica.sourceStageArn()).isEqualTo(source);
    assertThat(replica.sourceSessionId()).isEqualTo(clients.activeSession(source));
    assertThat(replica.published()).isTrue();
    ParticipantSummary original = participants(source).get(0);
    assertThat(original.replicationType()).isEqualTo(ReplicationType.SOURCE);
    assertThat(original.replicationState()).isEqualTo(ReplicationState.ACTIVE);

    ParticipantReplica listed = replicas().get(0);
    assertThat(listed.participantId()).isEqualTo(publisher);
    assertThat(listed.destinationStageArn()).isEqualTo(destination);
    assertThat(listed.destinationSessionId()).isEqualTo(clients.activeSession(destination));
    assertThat(listed.sourceSessionId()).isEqualTo(clients.activeSession(source));
    assertThat(listed.replicationState()).isEqualTo(ReplicationState.ACTIVE);
  }

  @Test
  void the_attributes_of_a_replication_are_laid_over_those_of_the_token() {
    String id =
        clients
            .connect(
                sim.ivs()
                    .createParticipantToken(
                        r -> r.stageArn(source).attributes(Map.of("a", "token", "b", "token")))
                    .participantToken()
                    .token())
            .get("participantId")
            .asText();
    clients.act("publish", source, id);
    sim.ivs()
        .startParticipantReplication(
            r ->
                r.sourceStageArn(source)
                    .destinationStageArn(destination)
                    .participantId(id)
                    .attributes(Map.of("b", "replica")));
    Participant replica =
        sim.ivs()
            .getParticipant(
                r ->
                    r.stageArn(destination)
                        .sessionId(clients.activeSession(destination))
                        .participantId(id))
            .participant();
    assertThat(replica.attributes()).isEqualTo(Map.of("a", "token", "b", "replica"));
  }

  @Test
  void a_stopped_replication_leaves_its_traces_and_can_be_started_again() {
    start(destination, 0);
    stop(destination);

    assertThat(replicas())
        .extracting(ParticipantReplica::replicationState)
        .containsExactly(ReplicationState.STOPPED);
    assertThat(participants(destination).get(0).replicationState())
        .isEqualTo(ReplicationState.STOPPED);
    assertThat(participants(source).get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    assertThat(events(source))
        .extracting(Event::name)
        .containsExactly(
            EventName.JOINED,
            EventName.PUBLISH_STARTED,
            EventName.REPLICATION_STARTED,
            EventName.REPLICATION_STOPPED);
    assertThat(events(source).get(2).destinationStageArn()).isEqualTo(destination);
    assertThat(events(destination)).isNotEmpty().allMatch(Event::replica);
    assertThat(status(() -> stop(destination))).isEqualTo(404);

    start(destination, 0);
    assertThat(publishing(destination)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unpublish", "leave"})
  void without_a_window_replicas_end_with_the_publishing(String act) {
    start(destination, 0);
    clients.act(act, source, publisher);
    assertThat(publishing(destination)).isZero();
    assertThat(replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    if (act.equals("leave")) {
      clients.act("reconnect", source, publisher);
    }
    clients.act("publish", source, publisher);
    assertThat(publishing(destination)).isZero();
  }

  @Test
  void a_publisher_who_returns_within_the_window_is_everywhere_again() {
    start(destination, 300);
    clients.act("leave", source, publisher);
    assertThat(publishing(destination)).isZero();
    assertThat(replicas().get(0).replicationState()).isEqualTo(ReplicationState.ACTIVE);

    sim.pass(Duration.ofSeconds(299));
    clients.act("reconnect", source, publisher);
    clients.act("publish", source, publisher);
    assertThat(publishing(destination)).isEqualTo(1);
    sim.pass(Duration.ofHours(1));
    assertThat(publishing(destination)).isEqualTo(1);
  }

  @Test
  void a_publisher_who_returns_after_the_window_must_be_replicated_anew() {
    start(destination, 60);
    clients.act("vanish", source, publisher);
    sim.pass(Duration.ofSeconds(30 + 60));
    assertThat(replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    clients.act("reconnect", source, publisher);
    assertThat(publishing(source)).isEqualTo(1);
    assertThat(publishing(destination)).isZero();
    start(destination, 60);
    assertThat(publishing(destination)).isEqualTo(1);
  }

  @Test
  void a_disconnected_publisher_is_not_waited_for() {
    start(destination, 300);
    sim.ivs().disconnectParticipant(r -> r.stageArn(source).participantId(publisher));
    assertThat(replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
  }

  @Test
  void five_replicas_are_the_most_and_a_stopped_one_makes_room() {
    start(destination, 0);
    for (int i = 0; i < 4; i++) {
      start(clients.stage(), 0);
    }
    String sixth = clients.stage();
    assertThat(status(() -> start(sixth, 0))).isEqualTo(402);
    stop(destination);
    start(sixth, 0);
    assertThat(
            sim.ivs()
                .listParticipantReplicasPaginator(
                    r -> r.sourceStageArn(source).participantId(publisher).maxResults(2))
                .replicas())
        .hasSize(6);
  }

  @Test
  void a_second_start_to_the_same_stage_is_a_conflict() {
    start(destination, 0);
    assertThat(status(() -> start(destination, 0))).isEqualTo(409);
  }

  @Test
  void only_one_who_publishes_on_the_source_itself_can_be_replicated() {
    String viewer = clients.viewer(source);
    assertThat(status(() -> start(viewer, destination, 0))).isEqualTo(404);
    assertThat(status(() -> start("nobody", destination, 0))).isEqualTo(404);
    assertThat(status(() -> start(source + "x", 0))).isEqualTo(404);
    assertThat(status(() -> start(source, 0))).isEqualTo(400);

    start(destination, 0);
    String third = clients.stage();
    assertThat(
            status(
                () ->
                    sim.ivs()
                        .startParticipantReplication(
                            r ->
                                r.sourceStageArn(destination)
                                    .destinationStageArn(third)
                                    .participantId(publisher))))
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"notPublishingStatus, 400", "notPublishingStatus, 409"})
  void what_is_not_documented_can_be_set(String limit, int status) {
    sim.steer("POST", "/limits", "{\"%s\":%d}".formatted(limit, status));
    assertThat(status(() -> start("nobody", destination, 0))).isEqualTo(status);
    assertThat(sim.http("POST", "/_sim/limits", "{\"%s\":418}".formatted(limit)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void windows_and_pages_have_their_limits() {
    assertThat(status(() -> start(destination, 301))).isEqualTo(400);
    assertThat(status(() -> start(destination, -1))).isEqualTo(400);
    assertThat(
            status(
                () ->
                    sim.ivs()
                        .listParticipantReplicas(
                            r -> r.sourceStageArn(source).participantId(publisher).maxResults(51))))
        .isEqualTo(400);
    assertThat(status(() -> start("with_underscore", destination, 0))).isEqualTo(400);
  }

  @Test
  void an_id_cannot_be_a_guest_and_a_replica_of_the_same_stage() {
    SelfSigner signer = SelfSigner.importing(sim.ivs());
    String here = signer.sign(claims(source));
    String there = signer.sign(claims(destination));
    clients.connect(here);
    clients.act("publish", source, "same");
    start("same", destination, 0);
    assertThat(Clients.code(clients.tryConnect(there))).isEqualTo("400 TOKEN_NOT_ALLOWED");
    stopOf("same", destination);
    clients.connect(there);
    assertThat(status(() -> start("same", destination, 0))).isEqualTo(409);
  }

  private ObjectNode claims(String stage) {
    return SelfSigner.claims(sim.ivs().getStage(r -> r.arn(stage)).stage(), "same", sim.now());
  }

  @Test
  void deleting_the_destination_ends_the_replication_and_keeps_the_publisher() {
    start(destination, 300);
    sim.ivs().deleteStage(r -> r.arn(destination));
    assertThat(replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    assertThat(publishing(source)).isEqualTo(1);
  }

  @Test
  void the_steering_shows_replicas_at_their_source() {
    start(destination, 0);
    JsonNode stage = sim.look("/stages?stage=" + source).at("/stages/0");
    assertThat(stage.at("/replicas/0/destinationStageArn").asText()).isEqualTo(destination);
    assertThat(stage.at("/replicas/0/replicationState").asText()).isEqualTo("ACTIVE");
  }

  private void start(String to, int windowSeconds) {
    start(publisher, to, windowSeconds);
  }

  private void start(String id, String to, int windowSeconds) {
    sim.ivs()
        .startParticipantReplication(
            r ->
                r.sourceStageArn(source)
                    .destinationStageArn(to)
                    .participantId(id)
                    .reconnectWindowSeconds(windowSeconds));
  }

  private void stop(String to) {
    stopOf(publisher, to);
  }

  private void stopOf(String id, String to) {
    sim.ivs()
        .stopParticipantReplication(
            r -> r.sourceStageArn(source).destinationStageArn(to).participantId(id));
  }

  private List<ParticipantReplica> replicas() {
    return sim.ivs()
        .listParticipantReplicas(r -> r.sourceStageArn(source).participantId(publisher))
        .replicas();
  }

  private List<ParticipantSummary> participants(String stage) {
    return sim.ivs()
        .listParticipants(r -> r.stageArn(stage).sessionId(clients.activeSession(stage)))
        .participants();
  }

  private List<Event> events(String stage) {
    return sim.ivs()
        .listParticipantEvents(
            r -> r.stageArn(stage).sessionId(clients.activeSession(stage)).participantId(publisher))
        .events();
  }

  private int publishing(String stage) {
    return sim.look("/stages?participants=none&stage=" + stage).at("/stages/0/publishing").asInt();
  }

  private static int status(ThrowingCallable call) {
    return catchThrowableOfType(IvsRealTimeException.class, call).statusCode();
  }
}
