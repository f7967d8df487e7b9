package io.fullhouse.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBodyTest {
  @Test
  void nothing_reads_as_an_object_without_fields() {
    RequestBody body = read(" \r\n");

    assertThat(body.optional("userId", Ids::user)).isEmpty();
    body.verify();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "7",
        "\"text\"",
        "{} {}",
        "{}x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "// no\n{}",
        "\ufeff{}",
        "{\"a\":\"\t\"}"
      })
  void what_is_not_one_strict_json_object_is_refused(String text) {
    assertRefused(ErrorCode.VALIDATION_ERROR, text.getBytes(UTF_8));
  }

  @Test
  void deep_nesting_is_refused_before_it_costs_anything() {
    String deep = "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";

    assertRefused(ErrorCode.VALIDATION_ERROR, deep.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc0, 0xff})
  void what_is_not_utf8_is_refused(int rogue) {
    byte[] bytes = "{\"userId\":\"x\"}".getBytes(UTF_8);
    bytes[11] = (byte) rogue;

    assertRefused(ErrorCode.VALIDATION_ERROR, bytes);
  }

  @Test
  void a_body_above_64_kibibytes_is_too_large() {
    String fits = "{\"a\":\"" + "x".repeat(RequestBody.MAX_BYTES - 8) + "\"}";

    read(fits).verify();
    assertRefused(ErrorCode.PAYLOAD_TOO_LARGE, (fits + " ").getBytes(UTF_8));
  }

  @Test
  void everything_missing_or_wrong_is_named_at_once() {
    RequestBody body =
        read("{\"userId\":null,\"stageArn\":7,\"participantId\":\"no spaces\",\"more\":[]}");
    body.required("userId", Ids::user);
    body.required("stageArn", Parsed::of);
    body.optional("participantId", Ids::participant);

    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(body::verify)
        .satisfies(
            e ->
                assertThat(e.details())
                    .containsEntry("missingFields", List.of("userId"))
                    .containsEntry("invalidFields", List.of("stageArn", "participantId")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"userId\":\"\"}",
        "{\"userId\":\"a\\u0000b\"}",
        "{\"userId\":\"a\\nb\"}",
        "{\"userId\":\"\\ud800\"}",
        "{\"userId\":true}",
        "{\"userId\":{}}",
        "{\"userId\":[\"a\"]}"
      })
  void a_user_id_that_is_none_is_refused(String text) {
    RequestBody body = read(text);
    body.required("userId", Ids::user);

    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(body::verify)
        .satisfies(e -> assertThat(e.details()).containsEntry("invalidFields", List.of("userId")));
  }

  @Test
  void attributes_keep_their_order_and_text() {
    assertThat(read("{\"attributes\":{\"b\":\"2\",\"a\":\"é\"}}").attributes())
        .containsExactly(java.util.Map.entry("b", "2"), java.util.Map.entry("a", "é"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"a\"", "{\"a\":1}", "{\"a\":null}", "{\"a\":{}}"})
  void attributes_are_texts_only(String json) {
    RequestBody body = read("{\"attributes\":" + json + "}");
    body.attributes();

    assertThatExceptionOfType(ApiException.class).isThrownBy(body::verify);
  }

  @Test
  void attributes_have_at_most_a_kibibyte() {
    RequestBody fits = read("{\"attributes\":{\"a\":\"" + "x".repeat(1023) + "\"}}");
    fits.attributes();
    fits.verify();

    RequestBody tooMuch = read("{\"attributes\":{\"a\":\"" + "x".repeat(1022) + "é\"}}");
    tooMuch.attributes();
    assertThatExceptionOfType(ApiException.class).isThrownBy(tooMuch::verify);
  }

  private static RequestBody read(String text) {
    return RequestBody.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static void assertRefused(ErrorCode code, byte[] bytes) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> RequestBody.read(new ByteArrayInputStream(bytes)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }
}
