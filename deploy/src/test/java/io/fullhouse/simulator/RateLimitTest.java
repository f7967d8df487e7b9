package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;

class RateLimitTest {
  private static final String STAGE = "AbCdEf123456";

  private final TestSimulator sim = new TestSimulator(o -> o.withStage(STAGE, "one"));
  private final String arn = sim.simulator().stageArn(STAGE);

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void the_sixth_stage_in_a_second_is_throttled_and_the_next_second_brings_five_more() {
    assertThat(createUntilThrottled()).isEqualTo(5);
    IvsRealTimeException e =
        catchThrowableOfType(
            IvsRealTimeException.class, () -> sim.ivs().createStage(r -> r.name("x")));
    assertThat(e.isThrottlingException()).isTrue();
    assertThat(e.statusCode()).isEqualTo(429);
    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException");

    sim.pass(Duration.ofMillis(200));
    assertThat(createUntilThrottled()).isEqualTo(1);
    sim.pass(Duration.ofHours(1));
    assertThat(createUntilThrottled()).isEqualTo(5);
  }

  @Test
  void fifty_tokens_a_second_are_given_for_all_stages_together() {
    String other = sim.ivs().createStage(r -> {}).stage().arn();
    for (int i = 0; i < 25; i++) {
      sim.ivs().createParticipantToken(r -> r.stageArn(arn));
      sim.ivs().createParticipantToken(r -> r.stageArn(other));
    }
    assertThatThrownBy(() -> sim.ivs().createParticipantToken(r -> r.stageArn(arn)))
        .isInstanceOfSatisfying(
            IvsRealTimeException.class, e -> assertThat(e.isThrottlingException()).isTrue());
  }

  @Test
  void operations_do_not_share_a_bucket() {
    assertThat(createUntilThrottled()).isEqualTo(5);
    assertThat(sim.ivs().getStage(r -> r.arn(arn)).stage().name()).isEqualTo("one");
  }

  @Test
  void a_call_that_would_be_refused_counts_too() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> sim.ivs().createStage(r -> r.name("not valid")))
          .isInstanceOf(IvsRealTimeException.class);
    }
    assertThat(createUntilThrottled()).isZero();
  }

  @Test
  void the_sdk_retries_a_throttled_call_by_itself() {
    sim.steer("POST", "/faults", "{\"op\":\"GetStage\",\"kind\":\"throttle\",\"times\":1}");
    try (IvsRealTimeClient client = sim.retryingIvsClient()) {
      assertThat(client.getStage(r -> r.arn(arn)).stage().arn()).isEqualTo(arn);
    }
    assertThat(sim.look("/calls?op=GetStage").get("calls").findValuesAsText("status"))
        .containsExactly("429", "200");
    assertThat(sim.look("/calls?op=GetStage").get("calls").findValuesAsText("invocationId"))
        .hasSize(2)
        .containsOnly(sim.look("/calls?op=GetStage").at("/calls/0/invocationId").asText());
  }

  @Test
  void rates_can_be_changed_and_switched_off_while_running() {
    sim.steer("POST", "/limits", "{\"tps\":{\"CreateStage\":2}}");
    assertThat(createUntilThrottled()).isEqualTo(2);
    sim.steer("POST", "/limits", "{\"tps\":{\"CreateStage\":0.5}}");
    assertThat(createUntilThrottled()).isEqualTo(1);
    sim.pass(Duration.ofSeconds(1));
    assertThat(createUntilThrottled()).isZero();
    sim.pass(Duration.ofSeconds(1));
    assertThat(createUntilThrottled()).isEqualTo(1);
    sim.steer("POST", "/limits", "{\"tps\":{\"CreateStage\":0}}");
    assertThat(createUntilThrottled()).isEqualTo(20);
  }

  @Test
  void all_rates_can_be_changed_at_once_with_exceptions() {
    sim.steer("POST", "/limits", "{\"tps\":{\"CreateStage\":3,\"*\":0}}");
    assertThat(createUntilThrottled()).isEqualTo(3);
    assertThat(sim.look("/limits").at("/tps/CreateParticipantToken").asDouble()).isZero();
  }

  @Test
  void rates_start_at_those_of_aws_or_switched_off() {
    assertThat(sim.look("/limits").at("/tps/CreateParticipantToken").asInt()).isEqualTo(50);
    assertThat(sim.look("/limits").at("/tps/ListStages").asInt()).isEqualTo(5);
    assertThat(sim.look("/limits").at("/tps/ListParticipants").asInt()).isEqualTo(5);
    assertThat(sim.look("/limits").at("/tps/StartParticipantReplication").asInt()).isEqualTo(5);
    assertThat(sim.look("/limits").at("/tps/ImportPublicKey").asInt()).isEqualTo(3);
    assertThat(sim.look("/limits").at("/tps/TagResource").asInt()).isEqualTo(10);
    UnaryOperator<SimulatorOptions> off = SimulatorOptions::withoutRateLimits;
    try (TestSimulator unlimited = new TestSimulator(off)) {
      assertThat(unlimited.look("/limits").get("tps")).allMatch(rate -> rate.asDouble() == 0);
    }
  }

  /** How many stages could be created, out of twenty tries. */
  private int createUntilThrottled() {
    for (int created = 0; created < 20; created++) {
      try {
        sim.ivs().createStage(r -> r.name("x"));
      } catch (IvsRealTimeException e) {
        assertThat(e.isThrottlingException()).isTrue();
        return created;
      }
    }
    return 20;
  }
}
