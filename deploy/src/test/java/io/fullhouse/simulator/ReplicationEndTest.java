package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ivsrealtime.model.Event;
import software.amazon.awssdk.services.ivsrealtime.model.EventName;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantReplica;
import software.amazon.awssdk.services.ivsrealtime.model.ReplicationState;

class ReplicationEndTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private final Broadcast show = new Broadcast(sim, clients);

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_stopped_replication_leaves_its_traces_and_can_be_started_again() {
    show.start(show.destination, 0);
    show.stop(show.destination);

    assertThat(show.replicas())
        .extracting(ParticipantReplica::replicationState)
        .containsExactly(ReplicationState.STOPPED);
    assertThat(show.participants(show.destination).get(0).replicationState())
        .isEqualTo(ReplicationState.STOPPED);
    assertThat(show.participants(show.source).get(0).replicationState())
        .isEqualTo(ReplicationState.STOPPED);
    assertThat(show.events(show.source))
        .extracting(Event::name)
        .containsExactly(
            EventName.JOINED,
            EventName.PUBLISH_STARTED,
            EventName.REPLICATION_STARTED,
            EventName.REPLICATION_STOPPED);
    assertThat(show.events(show.source).get(2).destinationStageArn()).isEqualTo(show.destination);
    assertThat(show.events(show.destination)).isNotEmpty().allMatch(Event::replica);
    assertThat(Broadcast.status(() -> show.stop(show.destination))).isEqualTo(404);

    show.start(show.destination, 0);
    assertThat(show.publishing(show.destination)).isEqualTo(1);
  }

  @Test
  void what_has_ended_can_be_left_out_of_the_view() {
    show.start(show.destination, 0);
    String now = "/stages?past=none&stage=" + show.source;
    assertThat(sim.look(now).at("/stages/0/replicas")).hasSize(1);
    assertThat(sim.look(now).at("/stages/0/sessions")).hasSize(1);

    clients.act("leave", show.source, show.publisher);
    sim.pass(Duration.ofHours(1));

    assertThat(sim.look(now).at("/stages/0/replicas")).isEmpty();
    assertThat(sim.look(now).at("/stages/0/sessions")).isEmpty();
    String all = "/stages?stage=" + show.source;
    assertThat(sim.look(all).at("/stages/0/replicas")).hasSize(1);
    assertThat(sim.look(all).at("/stages/0/sessions")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unpublish", "leave"})
  void without_a_window_replicas_end_with_the_publishing(String act) {
    show.start(show.destination, 0);
    clients.act(act, show.source, show.publisher);
    assertThat(show.publishing(show.destination)).isZero();
    assertThat(show.replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    if (act.equals("leave")) {
      clients.act("reconnect", show.source, show.publisher);
    }
    clients.act("publish", show.source, show.publisher);
    assertThat(show.publishing(show.destination)).isZero();
  }

  @Test
  void a_publisher_who_returns_within_the_window_is_everywhere_again() {
    show.start(show.destination, 300);
    clients.act("leave", show.source, show.publisher);
    assertThat(show.publishing(show.destination)).isZero();
    assertThat(show.replicas().get(0).replicationState()).isEqualTo(ReplicationState.ACTIVE);

    sim.pass(Duration.ofSeconds(299));
    clients.act("reconnect", show.source, show.publisher);
    clients.act("publish", show.source, show.publisher);
    assertThat(show.publishing(show.destination)).isEqualTo(1);
    sim.pass(Duration.ofHours(1));
    assertThat(show.publishing(show.destination)).isEqualTo(1);
  }

  @Test
  void a_publisher_who_returns_after_the_window_must_be_replicated_anew() {
    show.start(show.destination, 60);
    clients.act("vanish", show.source, show.publisher);
    sim.pass(Duration.ofSeconds(30 + 60));
    assertThat(show.replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    clients.act("reconnect", show.source, show.publisher);
    assertThat(show.publishing(show.source)).isEqualTo(1);
    assertThat(show.publishing(show.destination)).isZero();
    show.start(show.destination, 60);
    assertThat(show.publishing(show.destination)).isEqualTo(1);
  }

  @Test
  void a_disconnected_publisher_is_not_waited_for() {
    show.start(show.destination, 300);
    sim.ivs().disconnectParticipant(r -> r.stageArn(show.source).participantId(show.publisher));
    assertThat(show.replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
  }

  @Test
  void deleting_the_destination_ends_the_replication_and_keeps_the_publisher() {
    show.start(show.destination, 300);
    sim.ivs().deleteStage(r -> r.arn(show.destination));
    assertThat(show.replicas().get(0).replicationState()).isEqualTo(ReplicationState.STOPPED);
    assertThat(show.publishing(show.source)).isEqualTo(1);
  }
}
