package io.fullhouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.EventCodec.Decoded;
import io.fullhouse.model.ViewerEvent.Expired;
import io.fullhouse.model.ViewerEvent.Left;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a presence ended, through the log and in a history. */
final class EndReasonTest {
  private static final StageArn STAGE =
      new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456");
  private static final UserId BEN = new UserId("ben");
  private static final PresenceId PRESENCE = new PresenceId("p1", "a1");

  @ParameterizedTest
  @EnumSource(names = {"LEFT", "KICKED", "BANNED"})
  void a_leave_keeps_its_reason(EndReason reason) {
    Left left = new Left(STAGE, BEN, PRESENCE, reason);
    assertThat(decoded(EventCodec.encode(left, "rid", "r1"))).isEqualTo(new Decoded.Event(left));
  }

  @ParameterizedTest
  @EnumSource(names = {"EXPIRED", "CORRECTED"})
  void an_expiry_keeps_its_reason(EndReason reason) {
    Expired expired = new Expired(STAGE, BEN, PRESENCE, 7, reason);
    assertThat(decoded(EventCodec.encode(expired))).isEqualTo(new Decoded.Event(expired));
  }

  private static Decoded decoded(String... fields) {
    return EventCodec.decode(
        Arrays.stream(fields).map(field -> field.getBytes(StandardCharsets.UTF_8)).toList());
  }

  @ParameterizedTest
  @EnumSource
  void a_past_presence_is_read_as_it_was_written(EndReason reason) {
    PastPresence past =
        new PastPresence(new EntryId(1_795_348_860_500L, 3), STAGE, "", 7, reason.wireName());
    assertThat(PastPresence.ofJson(past.toJson())).contains(past);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null"})
  void what_is_no_past_presence_is_none(String text) {
    assertThat(PastPresence.ofJson(text)).isEmpty();
  }

  @Test
  void a_damaged_past_presence_is_none() {
    String json = new PastPresence(new EntryId(1, 0), STAGE, "p1", 7, "left").toJson();
    for (String damaged :
        List.of(
            json.replace("stage/", "stag/"),
            json.replace("1-0", "1"),
            json.replace(":7,", ":1111111111111111,"),
            json.replace("p1", "p 1"),
            json + " ")) {
      assertThat(PastPresence.ofJson(damaged)).as(damaged).isEmpty();
    }
  }
}
