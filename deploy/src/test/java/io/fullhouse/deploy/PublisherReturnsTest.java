package io.fullhouse.deploy;

import static io.fullhouse.redis.RedisAnswer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.scaler.SteppedScaler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A publisher drops and comes back as another participant, whose token the gateway never saw: all
 * that is known of it is what IVS delivers, or what IVS is asked.
 */
final class PublisherReturnsTest {
  private static final int STAGES = 4;

  private final GatewayHouse house =
      new GatewayHouse(Map.of("stageCapacity", "" + GatewayHouse.CAPACITY));
  private final SteppedScaler.Site site = house.site().withPatience(Duration.ofMillis(500));
  private final SteppedScaler scaler = new SteppedScaler("scaler-1", site, house.time, point -> {});

  @BeforeEach
  void someStagesAreOpen() {
    await(house.redis.commands().del(house.keys.scalerLease()));
    await(
        house
            .redis
            .commands()
            .set(
                house.keys.scalerFloor(),
                "[{\"seats\":%d}]".formatted(STAGES * GatewayHouse.CAPACITY)));
    soon()
        .until(
            () -> {
              pass();
              return open().size() == STAGES;
            });
  }

  @AfterEach
  void close() {
    scaler.close();
    house.close();
  }

  @Test
  void one_pass_after_ivs_s_event_every_stage_carries_it_again() throws Exception {
    deliver("");
    Participant first = new Participant();
    first.acts("publish");
    awaitPublishers(first);
    pass();
    assertThat(first.seenOn()).isEqualTo(open());

    first.acts("leave");
    awaitPublishers();
    Participant second = new Participant();
    second.acts("publish");
    awaitPublishers(second);
    assertThat(second.seenOn()).containsExactly(house.master);
    pass();
    assertThat(second.seenOn()).isEqualTo(open()).hasSize(STAGES);
  }

  @Test
  void with_ivs_s_events_lost_it_is_one_reconciliation() throws Exception {
    deliver("");
    Participant first = new Participant();
    first.acts("publish");
    awaitPublishers(first);
    pass();

    deliver(",\"drop\":1.0");
    first.acts("leave");
    Participant second = new Participant();
    second.acts("publish");
    assertThat(house.simulated("/_sim/deliver").path("dropped").asInt()).isGreaterThan(1);
    pass();
    assertThat(second.seenOn()).containsExactly(house.master);

    reconcile();
    assertThat(publishers()).containsExactly(second.id() + " ivs");
    pass();
    assertThat(second.seenOn()).isEqualTo(open()).hasSize(STAGES);
  }

  @Test
  void calls_that_ivs_never_answers_only_delay_the_reconciliation() throws Exception {
    Participant publisher = new Participant();
    publisher.acts("publish");
    int times = 4; // the SDK tries three times: the whole call comes to nothing once
    for (String operation : List.of("GetStage", "ListParticipants")) {
      house.fault("{\"op\":\"%s\",\"kind\":\"hang\",\"times\":%d}".formatted(operation, times));
    }

    reconcile();
    assertThat(house.simulated("/_sim/faults").path("faults")).isEmpty();
    assertThat(publishers()).containsExactly(publisher.id() + " ivs");
    pass();
    assertThat(publisher.seenOn()).isEqualTo(open()).hasSize(STAGES);
  }

  @Test
  void after_all_data_was_lost_it_is_one_reconciliation() throws Exception {
    deliver("");
    Participant publisher = new Participant();
    publisher.acts("publish");
    awaitPublishers(publisher);
    pass();
    Set<String> before = open();
    int replications = calls("StartParticipantReplication");
    await(house.redis.commands().flushall());

    for (int pass = 0; pass < 4; pass++) {
      house.time.advance(Duration.ofSeconds(10));
      pass();
    }
    reconcile();
    pass();
    assertThat(publishers()).containsExactly(publisher.id() + " ivs");
    assertThat(open()).isEqualTo(before);
    assertThat(publisher.seenOn()).isEqualTo(before);
    assertThat(calls("StartParticipantReplication")).isEqualTo(replications);
  }

  @Test
  void in_whatever_order_and_however_often_events_come_the_end_is_right() {
    Random dice = new Random(11);
    for (int round = 0; round < 20; round++) {
      deliver(",\"duplicate\":0.5,\"shuffle\":true,\"delayMillis\":60000");
      List<Participant> live = new ArrayList<>();
      List<Participant> all = new ArrayList<>();
      for (int act = 0; act < 8; act++) {
        house.ivsTimePasses(Duration.ofSeconds(2)); // IVS says when to the second
        if (all.isEmpty() || dice.nextInt(3) == 0) {
          all.add(new Participant());
        }
        Participant participant = all.get(dice.nextInt(all.size()));
        if (live.remove(participant)) {
          participant.acts("unpublish");
        } else {
          participant.acts("publish");
          live.add(participant);
        }
      }
      house.ivsTimePasses(Duration.ofMinutes(2));
      soon().until(() -> house.simulated("/_sim/deliver").path("pending").asInt() == 0);
      assertThat(house.simulated("/_sim/deliver").path("duplicated").asInt()).isPositive();
      house.fold();
      assertThat(publishers())
          .as("round %d", round)
          .containsExactlyInAnyOrderElementsOf(
              live.stream().map(each -> each.id() + " ivs").toList());
      all.forEach(each -> each.acts("leave"));
      house.ivsTimePasses(Duration.ofMinutes(2));
      awaitPublishers();
    }
  }

  /** Somebody on the master stage. */
  private final class Participant {
    private final String id;

    Participant() {
      Answer token =
          house.ivs(
              "/CreateParticipantToken",
              "{\"stageArn\":\"%s\",\"capabilities\":[\"PUBLISH\"]}".formatted(house.master));
      Answer joined =
          house.ivs(
              "/_sim/connect",
              "{\"token\":\"%s\"}".formatted(token.body().at("/participantToken/token").asText()));
      assertThat(joined.status()).as("%s", joined).isEqualTo(200);
      id = joined.body().path("participantId").asText();
    }

    String id() {
      return id;
    }

    void acts(String how) {
      Answer answer =
          house.ivs(
              "/_sim/" + how,
              "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}".formatted(house.master, id));
      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    /** The master, and where it is replicated. */
    Set<String> seenOn() {
      Set<String> seen = new HashSet<>(Set.of(house.master));
      for (JsonNode stage : house.stages()) {
        for (JsonNode replica : stage.path("replicas")) {
          if (replica.path("replicationState").asText().equals("ACTIVE")
              && replica.path("participantId").asText().equals(id)) {
            seen.add(replica.path("destinationStageArn").asText());
          }
        }
      }
      return seen;
    }
  }

  private static ConditionFactory soon() {
    return Awaitility.await().pollInterval(Duration.ofMillis(20));
  }

  private void pass() throws InterruptedException {
    house.fold();
    house.time.advance(Duration.ofSeconds(1));
    scaler.step();
    house.fold();
  }

  private void reconcile() {
    house.time.advance(Duration.ofMinutes(1)); // IVS's clock is the real one
    scaler.reconcile(site, house.time);
    house.fold();
  }

  private void deliver(String how) {
    Answer answer =
        house.ivs(
            "/_sim/deliver",
            "{\"url\":\"%s\",\"apiKey\":\"%s\"%s}"
                .formatted(house.address("/api/events/ivs"), GatewayHouse.KEY, how));
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
  }

  private void awaitPublishers(Participant... publishers) {
    List<String> expected = new ArrayList<>();
    for (Participant each : publishers) {
      expected.add(each.id() + " ivs");
    }
    soon()
        .untilAsserted(
            () -> {
              house.fold();
              assertThat(publishers()).containsExactlyInAnyOrderElementsOf(expected);
            });
  }

  /** Participant and evidence of each. */
  private List<String> publishers() {
    List<String> publishers = new ArrayList<>();
    await(house.redis.commands().hgetall(house.keys.fold()))
        .forEach(
            (name, value) -> {
              if (name.startsWith("publisher:")) {
                List<String> parts = List.of(value.split("\\|", -1));
                publishers.add(parts.get(0) + " " + parts.get(2));
              }
            });
    return publishers;
  }

  private int calls(String operation) {
    return house.simulated("/_sim/calls?op=" + operation).path("calls").size();
  }

  private Set<String> open() {
    return new HashSet<>(await(house.redis.commands().zrange(house.keys.stages(), 0, -1)));
  }
}
