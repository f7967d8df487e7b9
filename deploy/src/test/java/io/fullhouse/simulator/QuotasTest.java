package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenCapability;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;

class QuotasTest {
  private static final String FULL = "400 STAGE_AT_CAPACITY";

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
  void the_initial_quotas_are_those_of_aws() {
    assertThat(sim.look("/limits").get("subscribersPerStage").asInt()).isEqualTo(10_000);
    assertThat(sim.look("/limits").get("publishersPerStage").asInt()).isEqualTo(12);
    assertThat(sim.look("/limits").get("publishersPerRegion").asInt()).isEqualTo(1_000);
    assertThat(sim.look("/limits").get("subscriptionsPerRegion").asInt()).isEqualTo(20_000);
    assertThat(sim.look("/limits").get("maxReplicas").asInt()).isEqualTo(5);
  }

  @Test
  void a_full_stage_takes_nobody_until_one_leaves_but_lets_a_client_return() {
    limit("subscribersPerStage", 2);
    String first = clients.viewer(stage);
    String token = viewerToken();
    clients.connect(token);
    assertThat(Clients.code(clients.tryConnect(viewerToken()))).isEqualTo(FULL);
    assertThat(clients.connect(token).get("evicted").asBoolean()).isTrue();
    clients.publisher(stage);
    clients.act("leave", stage, first);
    clients.viewer(stage);
    limit("subscribersPerStage", 0);
    clients.viewer(stage);
  }

  @Test
  void the_thirteenth_publisher_fails_and_replicas_count() {
    String busy = clients.stage();
    Stream.generate(() -> busy).limit(12).forEach(clients::publisher);
    String thirteenth = clients.connect(clients.token(busy)).get("participantId").asText();
    assertThat(Clients.code(clients.tryAct("publish", busy, thirteenth))).isEqualTo(FULL);

    String publisher = clients.publisher(stage);
    assertThatThrownBy(() -> replicate(publisher, busy))
        .isInstanceOf(ServiceQuotaExceededException.class);
  }

  @Test
  void subscriptions_are_summed_over_all_stages() {
    limit("subscriptionsPerRegion", 3);
    String other = clients.stage();
    String publisher = clients.publisher(stage);
    clients.viewer(stage);
    clients.viewer(stage);
    clients.viewer(other);
    clients.viewer(other);
    // Two of three are used; a replica would add two.
    assertThatThrownBy(() -> replicate(publisher, other))
        .isInstanceOf(ServiceQuotaExceededException.class);
    clients.viewer(stage);
    assertThat(Clients.code(clients.tryConnect(viewerToken()))).isEqualTo(FULL);
    clients.act("unpublish", stage, publisher);
    clients.viewer(stage);
    assertThat(Clients.code(clients.tryAct("publish", stage, publisher))).isEqualTo(FULL);
  }

  @Test
  void nobody_subscribes_to_itself() {
    limit("subscriptionsPerRegion", 1);
    String host = clients.connect(clients.token(stage)).get("participantId").asText();
    clients.act("publish", stage, host);
    clients.viewer(stage);
    assertThat(Clients.code(clients.tryConnect(viewerToken()))).isEqualTo(FULL);
  }

  @Test
  void publishers_are_limited_in_the_region_too() {
    limit("publishersPerRegion", 1);
    String publisher = clients.publisher(stage);
    assertThatThrownBy(() -> replicate(publisher, clients.stage()))
        .isInstanceOf(ServiceQuotaExceededException.class);
  }

  private void replicate(String publisher, String to) {
    sim.ivs()
        .startParticipantReplication(
            r -> r.sourceStageArn(stage).destinationStageArn(to).participantId(publisher));
  }

  private String viewerToken() {
    return clients.token(stage, ParticipantTokenCapability.SUBSCRIBE);
  }

  private void limit(String name, int value) {
    sim.steer("POST", "/limits", "{\"" + name + "\":" + value + "}");
  }
}
