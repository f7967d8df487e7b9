package io.fullhouse.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import io.fullhouse.testing.MutableTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeatOfficeTest {
  private static final BroadcastId MAIN = new BroadcastId("main");
  private static final Duration LIFE = Duration.ofHours(12);
  private static final String OLD = "old:0123456789abcdef";
  private static final String NEW = "new:fedcba9876543210";

  private final MutableTime time = MutableTime.at(Instant.parse("2026-11-22T12:00:00Z"));
  private final SeatOffice office = office(OLD, MAIN);

  private SeatOffice office(String secrets, BroadcastId broadcast) {
    SeatSecrets parsed = SeatSecrets.parse(secrets);
    return new SeatOffice(() -> parsed, broadcast, LIFE, time);
  }

  private Seat seat() {
    return new Seat(
        MAIN,
        new UserId("Zoë \"quoted\""),
        new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456"),
        new ParticipantId("participant_1"),
        new AdmissionId("0123456789abcdefg"),
        time.instant(),
        time.instant().plus(LIFE),
        time.instant().plus(LIFE),
        Map.of("team", "röd"));
  }

  @Test
  void a_seat_of_an_older_gateway_is_read_as_one_whose_token_was_never_replaced() {
    String claims =
        """
        {"broadcast":"main","user":"u","stage":"arn:aws:ivs:us-east-1:123456789012:stage/s",
         "participant":"p","admission":"a","iat":1795348800,"exp":1795400000}""";
    String signed =
        "v1.old."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    byte[] mac = SeatSecrets.parse("old:0123456789abcdef").sign("old", signed);
    String text = signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);

    Seat read = office.read(text).seat();

    assertThat(read.tokenEnd()).isEqualTo(read.issuedAt().plus(LIFE));
    assertThat(read.attributes()).isEmpty();
  }

  @Test
  void attributes_that_would_make_a_seat_too_long_to_be_read_are_left_out() {
    Seat heavy =
        new Seat(
            MAIN,
            seat().user(),
            seat().stage(),
            seat().participant(),
            seat().admission(),
            seat().issuedAt(),
            seat().expiresAt(),
            seat().tokenEnd(),
            Map.of("k", "\u0001".repeat(1_000)));

    assertThat(office.read(office.write(heavy)).seat().attributes()).isEmpty();
  }

  @Test
  void a_seat_reads_as_it_was_written() {
    assertThat(office.read(office.write(seat())).seat()).isEqualTo(seat());
  }

  @Test
  void a_seat_is_four_parts_that_others_can_read() {
    String[] parts = office.write(seat()).split("\\.", -1);

    assertThat(parts).hasSize(4);
    assertThat(parts[0]).isEqualTo("v1");
    assertThat(parts[1]).isEqualTo("old");
    assertThat(new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8))
        .contains("\"broadcast\":\"main\"", "\"iat\":1795348800", "\"exp\":1795392000");
    assertThat(Base64.getUrlDecoder().decode(parts[3])).hasSize(32);
  }

  @Test
  void a_seat_with_any_character_changed_is_refused() {
    String text = office.write(seat());
    Random random = new Random(7);
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : (char) ('A' + random.nextInt(2));
      String forged = text.substring(0, i) + other + text.substring(i + 1);
      if (!forged.equals(text)) {
        assertRefused(forged, "SEAT_INVALID");
      }
    }
  }

  @Test
  void a_truncated_seat_is_refused() {
    String text = office.write(seat());
    for (int length = 0; length < text.length(); length++) {
      assertRefused(text.substring(0, length), "SEAT_INVALID");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "v1.old..",
        "v1.old.e30.AAAA",
        "v2.old.e30.AAAA",
        "v1.unknown.e30.AAAA",
        "v1.old.e30.\u00e9",
        "v1.old.{}.x.y"
      })
  void what_is_no_seat_at_all_is_refused(String text) {
    assertRefused(text, "SEAT_INVALID");
  }

  @Test
  void an_overlong_text_is_not_even_looked_at() {
    assertRefused("v1.old." + "A".repeat(1_000_000) + ".AAAA", "SEAT_INVALID");
  }

  @Test
  void a_seat_signed_with_another_secret_of_the_same_name_is_refused() {
    assertRefused(office("old:another-secret", MAIN).write(seat()), "SEAT_INVALID");
  }

  @Test
  void a_seat_expires_with_its_token() {
    String text = office.write(seat());

    time.advance(LIFE.minusSeconds(1));
    assertThat(office.read(text).seat()).isNotNull();
    time.advance(Duration.ofSeconds(1));
    assertRefused(text, "SEAT_EXPIRED");
  }

  @Test
  void a_seat_of_another_broadcast_is_refused_though_it_is_signed() {
    String text = office.write(seat());
    SeatOffice other = office(OLD, new BroadcastId("other"));

    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> other.read(text))
        .withMessageContaining("another broadcast");
  }

  @Test
  void a_replaced_secret_still_verifies_and_its_seats_are_renewed() {
    SeatOffice rotated = office(NEW + "," + OLD, MAIN);
    SeatOffice.Proven proven = rotated.read(office.write(seat()));

    String fresh = rotated.renew(proven).orElseThrow();
    assertThat(fresh).startsWith("v1.new.");
    assertThat(rotated.read(fresh).seat()).isEqualTo(seat());
    assertThat(rotated.renew(rotated.read(fresh))).isEmpty();
    assertRefused(fresh, "SEAT_INVALID"); // by the gateway that does not know the new one yet
  }

  @Test
  void a_seat_is_renewed_in_the_last_quarter_of_its_life() {
    String text = office.write(seat());

    time.advance(Duration.ofHours(9));
    assertThat(office.renew(office.read(text))).isEmpty();

    time.advance(Duration.ofSeconds(1));
    Seat fresh = office.read(office.renew(office.read(text)).orElseThrow()).seat();
    assertThat(fresh.expiresAt()).isEqualTo(time.instant().plus(LIFE));
    assertThat(fresh.issuedAt())
        .isEqualTo(seat().issuedAt().minus(Duration.ofHours(9)).minusSeconds(1));
  }

  private void assertRefused(String text, String reason) {
    assertThatExceptionOfType(ApiException.class)
        .as(text)
        .isThrownBy(() -> office.read(text))
        .satisfies(e -> assertThat(e.details()).containsEntry("reason", reason));
  }
}
