package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.InternalServerException;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;

class FaultsTest {
  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_hung_call_times_out_and_nothing_was_done() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"hang\"}");
    try (IvsRealTimeClient client = sim.ivsClient(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> client.createStage(r -> r.name("x")))
          .isInstanceOf(ApiCallTimeoutException.class);
    }
    assertThat(sim.stageCount()).isZero();
    assertThat(sim.look("/calls?op=CreateStage").at("/calls/0/fault").asText()).isEqualTo("hang");
    assertThat(sim.look("/calls?op=CreateStage").at("/calls/0").has("status")).isFalse();
  }

  @Test
  void a_lost_answer_looks_like_a_broken_connection_but_the_work_is_done() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"lost-answer\",\"times\":1}");
    assertThatThrownBy(() -> sim.ivs().createStage(r -> r.name("x")))
        .isInstanceOf(SdkClientException.class)
        .isNotInstanceOf(ApiCallTimeoutException.class);
    assertThat(sim.stageCount()).isEqualTo(1);
    assertThat(sim.look("/calls?op=CreateStage").get("calls")).hasSize(1);
    assertThat(sim.look("/calls?op=CreateStage").at("/calls/0/status").asInt()).isEqualTo(200);
  }

  @Test
  void a_lost_answer_with_the_usual_retries_makes_two_stages_of_one_call() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"lost-answer\",\"times\":1}");
    try (IvsRealTimeClient client = sim.retryingIvsClient()) {
      client.createStage(r -> r.name("wanted-once"));
    }
    assertThat(sim.stageCount()).isEqualTo(2);
  }

  @Test
  void a_slow_answer_comes_after_the_patience_of_a_client_with_the_work_done() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"slow\",\"delayMillis\":60000,\"times\":1}");
    try (IvsRealTimeClient client = sim.ivsClient(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> client.createStage(r -> r.name("x")))
          .isInstanceOf(ApiCallTimeoutException.class);
    }
    assertThat(sim.stageCount()).isEqualTo(1);
  }

  @Test
  void a_slow_answer_does_come() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"slow\",\"delayMillis\":200,\"times\":1}");
    long start = System.nanoTime();
    assertThat(sim.ivs().createStage(r -> r.name("x")).stage().name()).isEqualTo("x");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(199));
  }

  @Test
  void creating_stages_can_be_made_slow_for_good() {
    sim.steer("POST", "/limits", "{\"createStageMillis\":150}");
    long start = System.nanoTime();
    sim.ivs().createStage(r -> r.name("x"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
  }

  @Test
  void hung_and_slow_calls_keep_no_thread_from_others() {
    fault("{\"op\":\"GetStage\",\"kind\":\"hang\"}");
    List<Thread> waiting =
        IntStream.range(0, 100)
            .mapToObj(i -> new Thread(() -> hangQuietly(), "hang-" + i))
            .peek(thread -> thread.setDaemon(true))
            .peek(Thread::start)
            .toList();
    await().until(() -> sim.look("/calls?op=GetStage").get("calls").size() == waiting.size());
    assertThat(sim.ivs().createStage(r -> r.name("x")).stage().name()).isEqualTo("x");
  }

  private void hangQuietly() {
    try {
      sim.ivs().getStage(r -> r.arn(sim.simulator().stageArn("x")));
    } catch (SdkClientException e) {
      // What a hung call ends with is told in the other tests.
      assertThat(e).isNotNull();
    }
  }

  @Test
  void an_error_is_for_its_operation_only_and_does_no_work() {
    fault("{\"op\":\"CreateStage\",\"kind\":\"error\",\"status\":503}");
    assertThatThrownBy(() -> sim.ivs().createStage(r -> r.name("x")))
        .isInstanceOfSatisfying(
            IvsRealTimeException.class, e -> assertThat(e.statusCode()).isEqualTo(503));
    assertThat(sim.ivs().listStages(r -> {}).stages()).isEmpty();
  }

  @Test
  void a_fault_for_all_strikes_every_operation_and_never_the_steering() {
    fault("{\"op\":\"*\",\"kind\":\"throttle\"}");
    assertThatThrownBy(() -> sim.ivs().listStages(r -> {}))
        .isInstanceOf(IvsRealTimeException.class);
    assertThatThrownBy(() -> sim.ivs().listPublicKeys(r -> {}))
        .isInstanceOf(IvsRealTimeException.class);
    assertThat(sim.stageCount()).isZero();
    sim.steer("DELETE", "/faults", "");
    assertThat(sim.ivs().listStages(r -> {}).stages()).isEmpty();
  }

  @Test
  void a_fault_wears_off_after_its_times() {
    fault("{\"op\":\"ListStages\",\"kind\":\"error\",\"times\":2}");
    assertThat(listFails()).isTrue();
    assertThat(sim.look("/faults").at("/faults/0/times").asInt()).isEqualTo(1);
    assertThat(listFails()).isTrue();
    assertThat(listFails()).isFalse();
    assertThat(sim.look("/faults").get("faults")).isEmpty();
  }

  @Test
  void a_fault_with_a_probability_strikes_some_calls_the_same_ones_for_the_same_seed() {
    List<Boolean> one = tenLists(7);
    assertThat(one).contains(true, false).isEqualTo(tenLists(7)).isNotEqualTo(tenLists(8));
  }

  @Test
  void a_list_can_fail_on_its_second_page() {
    for (int i = 0; i < 5; i++) {
      sim.ivs().createStage(r -> {});
    }
    fault("{\"op\":\"ListStages\",\"kind\":\"partial\",\"times\":1}");
    assertThatThrownBy(this::listByTwo).isInstanceOf(InternalServerException.class);
    assertThat(listByTwo()).isEqualTo(5);

    fault("{\"op\":\"*\",\"kind\":\"partial\",\"page\":3,\"type\":\"ConflictException\"}");
    String second = sim.ivs().listStages(r -> r.maxResults(2)).nextToken();
    String third = sim.ivs().listStages(r -> r.maxResults(2).nextToken(second)).nextToken();
    assertThatThrownBy(() -> sim.ivs().listStages(r -> r.maxResults(2).nextToken(third)))
        .isInstanceOfSatisfying(
            IvsRealTimeException.class, e -> assertThat(e.statusCode()).isEqualTo(409));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                       | op",
        "{\"op\":\"*\"}                                           | kind",
        "{\"op\":\"Nope\",\"kind\":\"hang\"}                      | Nope",
        "{\"op\":\"*\",\"kind\":\"explode\"}                      | explode",
        "{\"op\":\"*\",\"kind\":\"slow\"}                         | delayMillis",
        "{\"op\":\"*\",\"kind\":\"error\",\"status\":200}         | status",
        "{\"op\":\"*\",\"kind\":\"error\",\"probability\":2}      | probability",
        "{\"op\":\"*\",\"kind\":\"error\",\"times\":0}            | times",
        "{\"op\":\"*\",\"kind\":\"error\",\"delay\":5}            | delay",
        "{\"op\":\"CreateStage\",\"kind\":\"partial\"}            | CreateStage",
        "{\"op\":\"*\",\"kind\":                                  | JSON",
      })
  void a_mistaken_fault_is_400_and_not_taken(String body, String named) {
    var answer = sim.http("POST", "/_sim/faults", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestSimulator.json(answer).get("message").asText()).contains(named);
    assertThat(sim.look("/faults").get("faults")).isEmpty();
  }

  private void fault(String json) {
    sim.steer("POST", "/faults", json);
  }

  private int listByTwo() {
    return sim.ivs().listStagesPaginator(r -> r.maxResults(2)).stream()
        .mapToInt(page -> page.stages().size())
        .sum();
  }

  private boolean listFails() {
    return listFails(sim);
  }

  private static boolean listFails(TestSimulator simulator) {
    try {
      simulator.ivs().listStages(r -> {});
      return false;
    } catch (IvsRealTimeException e) {
      return true;
    }
  }

  private static List<Boolean> tenLists(long seed) {
    try (TestSimulator seeded = new TestSimulator(o -> o.withoutRateLimits().withFaultSeed(seed))) {
      seeded.steer(
          "POST", "/faults", "{\"op\":\"ListStages\",\"kind\":\"error\",\"probability\":0.5}");
      return IntStream.range(0, 10).mapToObj(i -> listFails(seeded)).toList();
    }
  }
}
