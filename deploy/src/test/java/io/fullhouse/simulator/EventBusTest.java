package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

class EventBusTest {
  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void entries_are_taken_and_can_be_looked_at() {
    PutEventsResponse response =
        put(
            entry(
                b ->
                    b.resources("arn:x")
                        .eventBusName("stages")
                        .time(Instant.parse("2026-11-22T11:59:59.123Z"))));

    assertThat(response.failedEntryCount()).isZero();
    assertThat(response.entries()).hasSize(1);
    JsonNode event = sim.look("/events").at("/events/0");
    assertThat(event.get("eventId").asText()).isEqualTo(response.entries().get(0).eventId());
    assertThat(event.get("source").asText()).isEqualTo("ivs.scaler");
    assertThat(event.get("detailType").asText()).isEqualTo("Stage Created");
    assertThat(event.at("/detail/a").asInt()).isEqualTo(1);
    assertThat(event.at("/resources/0").asText()).isEqualTo("arn:x");
    assertThat(event.get("eventBusName").asText()).isEqualTo("stages");
    assertThat(event.get("time").asText()).isEqualTo("2026-11-22T11:59:59.123Z");
    assertThat(event.get("receivedAt").asText()).isEqualTo(sim.now().toString());
  }

  @Test
  void an_entry_without_bus_and_time_goes_to_the_default_bus_now() {
    put(entry(b -> {}));
    JsonNode event = sim.look("/events").at("/events/0");
    assertThat(event.get("eventBusName").asText()).isEqualTo("default");
    assertThat(event.get("time").asText()).isEqualTo(sim.now().toString());
  }

  @Test
  void bad_entries_fail_one_by_one_at_their_place_and_the_rest_is_taken() {
    PutEventsResponse response =
        put(
            entry(b -> {}),
            entry(b -> b.source(null)),
            entry(b -> b.detailType("")),
            entry(b -> b.detail(null)),
            entry(b -> b.detail("{\"a\":")),
            entry(b -> b.detail("[1]")),
            entry(b -> b.detail("\"text\"")),
            entry(b -> b.detailType("t".repeat(129))),
            entry(b -> b.source("aws.ivs")),
            entry(b -> {}));

    assertThat(response.failedEntryCount()).isEqualTo(8);
    assertThat(response.entries())
        .extracting(PutEventsResultEntry::errorCode)
        .containsExactly(
            null,
            "InvalidArgument",
            "InvalidArgument",
            "InvalidArgument",
            "MalformedDetail",
            "MalformedDetail",
            "MalformedDetail",
            "InvalidArgument",
            "NotAuthorizedForSourceException",
            null);
    assertThat(response.entries().get(0).eventId()).isNotEmpty();
    assertThat(sim.look("/events").get("events")).hasSize(2);
  }

  @Test
  void a_call_whose_entries_all_lack_something_fails_as_a_whole() {
    assertThatThrownBy(() -> put(entry(b -> b.source(null)), entry(b -> b.detail(null))))
        .isInstanceOfSatisfying(
            EventBridgeException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11})
  void a_call_has_one_to_ten_entries(int count) {
    List<PutEventsRequestEntry> entries = Collections.nCopies(count, entry(b -> {}));
    assertThatThrownBy(() -> sim.events().putEvents(r -> r.entries(entries)))
        .isInstanceOfSatisfying(
            EventBridgeException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.awsErrorDetails().errorMessage()).contains("'Entries'");
            });
    assertThat(sim.look("/events").get("events")).isEmpty();
  }

  @Test
  void a_call_holds_at_most_256_kilobytes_in_all() {
    String detail = "{\"a\":\"" + "x".repeat(131_050) + "\"}";
    assertThat(put(entry(b -> b.detail(detail))).failedEntryCount()).isZero();
    assertThatThrownBy(() -> put(entry(b -> b.detail(detail)), entry(b -> b.detail(detail))))
        .isInstanceOf(EventBridgeException.class);
  }

  @ParameterizedTest
  @CsvSource({"'', InternalFailure", "'\"type\":\"ThrottlingException\",', ThrottlingException"})
  void a_partial_fault_fails_every_other_entry(String type, String code) {
    sim.steer(
        "POST", "/faults", "{" + type + "\"op\":\"PutEvents\",\"kind\":\"partial\",\"times\":1}");
    PutEventsResponse response = put(entry(b -> {}), entry(b -> {}), entry(b -> {}));
    assertThat(response.failedEntryCount()).isEqualTo(2);
    assertThat(response.entries())
        .extracting(PutEventsResultEntry::errorCode)
        .containsExactly(code, null, code);
    assertThat(sim.look("/events").get("events")).hasSize(1);
    assertThat(put(entry(b -> {})).failedEntryCount()).isZero();
  }

  @Test
  void a_failure_of_the_whole_call_is_told_as_eventbridge_does() {
    sim.steer("POST", "/faults", "{\"op\":\"PutEvents\",\"kind\":\"error\"}");
    assertThatThrownBy(() -> put(entry(b -> {})))
        .isInstanceOfSatisfying(
            EventBridgeException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(500);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InternalException");
              assertThat(e.requestId()).isNotEmpty();
            });
    sim.steer("DELETE", "/faults", "");
    sim.steer("POST", "/faults", "{\"op\":\"PutEvents\",\"kind\":\"throttle\"}");
    assertThatThrownBy(() -> put(entry(b -> {})))
        .isInstanceOfSatisfying(
            EventBridgeException.class, e -> assertThat(e.isThrottlingException()).isTrue());
  }

  private PutEventsResponse put(PutEventsRequestEntry... entries) {
    return sim.events().putEvents(r -> r.entries(entries));
  }

  private static PutEventsRequestEntry entry(Consumer<PutEventsRequestEntry.Builder> change) {
    return PutEventsRequestEntry.builder()
        .source("ivs.scaler")
        .detailType("Stage Created")
        .detail("{\"a\":1}")
        .applyMutation(change)
        .build();
  }
}
