package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;

class SteeringTest {
  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void calls_say_who_asked_what_when_and_how_it_ended() {
    String arn = sim.simulator().stageArn("None00000000");
    assertThatThrownBy(() -> sim.ivs().createParticipantToken(r -> r.stageArn(arn).userId("u")))
        .isInstanceOf(IvsRealTimeException.class);

    JsonNode call = sim.look("/calls").at("/calls/0");
    assertThat(call.get("n").asInt()).isEqualTo(1);
    assertThat(call.get("op").asText()).isEqualTo("CreateParticipantToken");
    assertThat(call.get("at").asText()).isEqualTo(sim.now().toString());
    assertThat(call.get("status").asInt()).isEqualTo(404);
    assertThat(call.get("accessKey").asText()).isEqualTo(TestSimulator.ACCESS_KEY);
    assertThat(call.get("requestId").asText()).isNotEmpty();
    assertThat(call.get("invocationId").asText()).isNotEmpty();
    assertThat(call.get("attempt").asText()).startsWith("attempt=1");
    assertThat(call.at("/body/stageArn").asText()).isEqualTo(arn);
    assertThat(call.at("/body/userId").asText()).isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, true",
    "http://127.0.0.1:4000, true",
    "https://[::1], true",
    "https://localhost.example.org, false",
    "http://example.org, false",
    "null, false"
  })
  void pages_of_this_machine_may_steer(String origin, boolean allowed) {
    HttpResponse<String> answer = sim.http("GET", "/_sim/limits", "", "Origin", origin);

    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .isEqualTo(allowed ? Optional.of(origin) : Optional.empty());
    assertThat(answer.headers().firstValue("Vary")).hasValue("Origin");
  }

  @Test
  void calls_can_be_asked_for_by_operation_number_and_time() {
    sim.ivs().createStage(r -> {});
    sim.pass(Duration.ofSeconds(1));
    sim.ivs().listStages(r -> {});
    sim.ivs().createStage(r -> {});

    assertThat(ops("/calls")).containsExactly("CreateStage", "ListStages", "CreateStage");
    assertThat(ops("/calls?op=ListStages")).containsExactly("ListStages");
    assertThat(ops("/calls?op=CreateStage&since=1")).containsExactly("CreateStage");
    assertThat(ops("/calls?since=3")).isEmpty();
    assertThat(ops("/calls?since=" + sim.now())).containsExactly("ListStages", "CreateStage");
    assertThat(sim.look("/calls?op=x").at("/totals/CreateStage/200").asInt()).isEqualTo(2);
  }

  @Test
  void a_call_to_tags_shows_the_arn_it_was_about() {
    String arn = sim.ivs().createStage(r -> {}).stage().arn();
    sim.ivs().tagResource(r -> r.resourceArn(arn).tags(Map.of("a", "b")));
    assertThat(sim.look("/calls?op=TagResource").at("/calls/0/resourceArn").asText())
        .isEqualTo(arn);
  }

  @Test
  void the_call_log_is_bounded_in_calls_and_in_bytes_and_the_totals_are_not() {
    CallLog log = new CallLog();
    Call call =
        new Call(
            Protocol.IVS,
            "CreateStage",
            Optional.of(Operation.CREATE_STAGE),
            new Body(("{\"name\":\"" + "x".repeat(100_000) + "\"}").getBytes(UTF_8)),
            "",
            List.of(),
            "",
            "",
            "",
            "",
            sim.now());
    for (int i = 0; i < CallLog.KEPT + 5; i++) {
      log.add(call, OptionalInt.of(200), Optional.empty());
    }
    assertThat(log.toJson(entry -> true).get("calls")).hasSize(CallLog.KEPT);
    JsonNode json = log.toJson(entry -> entry.number() == CallLog.KEPT + 5);
    assertThat(json.get("calls")).hasSize(1);
    assertThat(json.at("/calls/0/body").asText()).hasSize(8_192);
    assertThat(json.at("/totals/CreateStage/200").asInt()).isEqualTo(CallLog.KEPT + 5);
    assertThat(log.toJson(entry -> entry.number() <= 5).get("calls")).isEmpty();
  }

  @Test
  void stages_show_all_that_is_held() {
    sim.ivs().createStage(r -> r.name("a").tags(Map.of("k", "v")));
    JsonNode stage = sim.look("/stages").at("/stages/0");
    assertThat(stage.get("name").asText()).isEqualTo("a");
    assertThat(stage.at("/tags/k").asText()).isEqualTo("v");
    assertThat(stage.at("/endpoints/events").asText()).startsWith("wss://");
    assertThat(stage.get("createdAt").asText()).isEqualTo(sim.now().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /_sim",
    "GET, /_sim/nothing",
    "POST, /_sim/stages",
    "PUT, /_sim/faults",
    "GET, /_sim/stages/",
  })
  void an_unknown_place_is_404_with_a_message(String method, String path) {
    HttpResponse<String> answer = sim.http(method, path, "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(TestSimulator.json(answer).get("message").asText()).contains(method + " " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"maxStage\":1}                      | maxStage",
        "{\"maxStages\":-1}                    | maxStages",
        "{\"maxStages\":\"many\"}              | maxStages",
        "{\"tps\":{\"Create\":1}}              | Create",
        "{\"tps\":{\"CreateStage\":-1}}        | CreateStage",
        "{\"tps\":5}                           | tps",
        "{\"maxStages\":7,\"tps\":{\"x\":1}}   | x",
        "[]                                    | object",
      })
  void mistaken_limits_are_400_and_change_nothing(String body, String named) {
    JsonNode before = sim.look("/limits");
    HttpResponse<String> answer = sim.http("POST", "/_sim/limits", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestSimulator.json(answer).get("message").asText()).contains(named);
    assertThat(sim.look("/limits")).isEqualTo(before);
  }

  @Test
  void a_mistaken_time_is_400() {
    assertThat(sim.http("GET", "/_sim/calls?since=yesterday", "").statusCode()).isEqualTo(400);
  }

  @Test
  void the_steering_itself_is_not_in_the_log() {
    sim.stageCount();
    assertThat(ops("/calls")).isEmpty();
  }

  @Test
  void a_taken_port_is_told_clearly() {
    int port = sim.simulator().uri().getPort();
    assertThatThrownBy(() -> IvsSimulator.start(SimulatorOptions.defaults().withPort(port)).close())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void options_that_make_no_arn_are_refused() {
    SimulatorOptions options = SimulatorOptions.defaults();
    assertThatThrownBy(() -> options.withAccountId("12"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withRegion("US EAST"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withStage("a_b", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withPort(70_000)).isInstanceOf(IllegalArgumentException.class);
  }

  private List<String> ops(String path) {
    return sim.look(path).get("calls").findValuesAsText("op");
  }
}
