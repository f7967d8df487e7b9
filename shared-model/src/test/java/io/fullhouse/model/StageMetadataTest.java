package io.fullhouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.StageMetadata.Endpoints;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StageMetadataTest {
  private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456";
  private static final Instant CREATED = Instant.parse("2026-11-22T20:00:00Z");
  private static final Endpoints ENDPOINTS =
      new Endpoints("wss://events.example", "https://whip.example", CREATED.plusSeconds(1));

  @Test
  void is_the_json_of_the_contract() {
    assertThat(metadata(Optional.of(ENDPOINTS)).toJson())
        .isEqualTo(
            "{\"name\":\"show \\\"1\\\"\",\"arn\":\""
                + ARN
                + "\",\"autoScaled\":false,\"createdAt\":\"2026-11-22T20:00:00Z\","
                + "\"state\":\"active\",\"capacity\":50,\"since\":\"2026-11-22T20:00:00Z\","
                + "\"endpoints\":{\"events\":\"wss://events.example\","
                + "\"whip\":\"https://whip.example\"},"
                + "\"endpointsFetchedAt\":\"2026-11-22T20:00:01Z\"}");
  }

  @Test
  void reads_what_it_wrote() {
    assertThat(StageMetadata.fromJson(metadata(Optional.of(ENDPOINTS)).toJson()))
        .contains(metadata(Optional.of(ENDPOINTS)));
    assertThat(StageMetadata.fromJson(metadata(Optional.empty()).toJson()))
        .contains(metadata(Optional.empty()));
  }

  @Test
  void another_state_keeps_what_the_stage_is() {
    Instant now = CREATED.plusSeconds(60);
    StageMetadata draining =
        metadata(Optional.of(ENDPOINTS)).in(StageMetadata.DRAINING, now, "spare");

    assertThat(StageMetadata.fromJson(draining.toJson())).contains(draining);
    assertThat(draining.since()).isEqualTo(now);
    assertThat(draining.createdAt()).isEqualTo(CREATED);
  }

  @Test
  void what_an_earlier_version_wrote_is_in_its_state_since_it_was_made() {
    String earlier = metadata(Optional.empty()).toJson().replaceAll(",\"since\":\"[^\"]*\"", "");

    assertThat(StageMetadata.fromJson(earlier)).contains(metadata(Optional.empty()));
  }

  @Test
  void steps_over_what_a_later_version_added() {
    String later = metadata(Optional.empty()).toJson().replace("{", "{\"source\":{\"a\":[1]},");

    assertThat(StageMetadata.fromJson(later)).contains(metadata(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        "{\"arn\":\"nobody\",\"createdAt\":\"2026-11-22T20:00:00Z\"}",
        "{\"arn\":\"" + ARN + "\",\"createdAt\":\"yesterday\"}"
      })
  void what_somebody_damaged_is_as_if_it_were_not_there(String text) {
    assertThat(StageMetadata.fromJson(text)).isEmpty();
  }

  private static StageMetadata metadata(Optional<Endpoints> endpoints) {
    return new StageMetadata(
        "show \"1\"", new StageArn(ARN), false, CREATED, "active", 50, endpoints);
  }

  @Test
  void what_is_not_changed_stays() {
    StageMetadata tagged =
        StageMetadata.fromJson(
                "{\"name\":\"room\",\"arn\":\"arn:aws:ivs:us-east-1:123456789012:stage/s1\","
                    + "\"createdAt\":\"2026-11-22T20:00:00Z\",\"tags\":{\"room\":\"two\"}}")
            .orElseThrow();
    StageArn source = new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/s2");

    assertThat(tagged.fedFrom(source).unfed()).isEqualTo(tagged);
    assertThat(tagged.fedFrom(source).tags()).containsEntry("room", "two");
    assertThat(tagged.named("other").named("room")).isEqualTo(tagged);
  }
}
