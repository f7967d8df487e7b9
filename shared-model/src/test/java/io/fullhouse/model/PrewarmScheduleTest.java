package io.fullhouse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrewarmScheduleTest {
  private static final Instant SIX = Instant.parse("2026-11-23T18:00:00Z");
  private static final Instant EIGHT = Instant.parse("2026-11-23T20:00:00Z");
  private static final Duration LEAD = Duration.ofSeconds(30);
  private static final PrewarmSchedule EVENING =
      PrewarmSchedule.parse("300@2026-11-23T18:00:00Z/2026-11-23T20:00:00Z");

  @Test
  void reads_a_window_as_the_configuration_has_it() {
    assertThat(EVENING.windows())
        .containsExactly(new PrewarmWindow(300, Optional.of(SIX), Optional.of(EIGHT)));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T17:59:29.999Z, 0",
    "2026-11-23T17:59:30Z, 300",
    "2026-11-23T19:59:59.999Z, 300",
    "2026-11-23T20:00:00Z, 0"
  })
  void seats_are_wanted_from_the_lead_before_the_start_up_to_the_end(Instant now, long seats) {
    assertThat(EVENING.floorAt(now, LEAD)).isEqualTo(seats);
  }

  @Test
  void without_a_time_a_window_is_open_on_that_side() {
    Instant ages = SIX.plus(Duration.ofDays(3650));

    assertThat(PrewarmSchedule.parse("7").floorAt(ages, LEAD)).isEqualTo(7);
    assertThat(PrewarmSchedule.parse("7@2026-11-23T18:00:00Z").floorAt(ages, LEAD)).isEqualTo(7);
    assertThat(PrewarmSchedule.parse("7@/2026-11-23T18:00:00Z").floorAt(Instant.EPOCH, LEAD))
        .isEqualTo(7);
    assertThat(PrewarmSchedule.parse("7@/2026-11-23T18:00:00Z").floorAt(SIX, LEAD)).isZero();
  }

  @Test
  void of_several_windows_the_one_with_the_most_seats_counts() {
    PrewarmSchedule both = EVENING.and(PrewarmSchedule.parse("200, 900@2026-11-23T19:00:00Z"));

    assertThat(both.floorAt(SIX.minus(Duration.ofHours(1)), LEAD)).isEqualTo(200);
    assertThat(both.floorAt(SIX, LEAD)).isEqualTo(300);
    assertThat(both.floorAt(EIGHT, LEAD)).isEqualTo(900);
  }

  @Test
  void nothing_is_wanted_without_windows() {
    assertThat(PrewarmSchedule.parse(" ")).isEqualTo(PrewarmSchedule.NONE);
    assertThat(PrewarmSchedule.NONE.floorAt(SIX, LEAD)).isZero();
  }

  @Test
  void windows_that_are_over_are_forgotten() {
    PrewarmSchedule schedule = EVENING.and(PrewarmSchedule.parse("5"));

    assertThat(schedule.since(EIGHT.minusMillis(1))).isEqualTo(schedule);
    assertThat(schedule.since(EIGHT)).isEqualTo(PrewarmSchedule.parse("5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "300",
        "300@2026-11-23T18:00:00Z",
        "300@/2026-11-23T20:00:00Z",
        "300@2026-11-23T18:00:00Z/2026-11-23T20:00:00Z,40"
      })
  void what_is_written_is_read_again(String text) {
    PrewarmSchedule schedule = PrewarmSchedule.parse(text);

    assertThat(PrewarmSchedule.fromJson(schedule.toJson())).isEqualTo(schedule);
    schedule.windows().forEach(w -> assertThat(PrewarmWindow.parse(w.toString())).isEqualTo(w));
  }

  @Test
  void is_stored_as_a_list_of_what_the_operator_sent() {
    assertThat(EVENING.toJson())
        .isEqualTo(
            "[{\"seats\":300,\"from\":\"2026-11-23T18:00:00Z\",\"until\":\"2026-11-23T20:00:00Z\"}]");
    assertThat(PrewarmSchedule.fromJson("[{\"seats\":3,\"from\":null,\"by\":\"anna\"}]"))
        .isEqualTo(PrewarmSchedule.parse("3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "many@2026-11-23T18:00:00Z | 'many' is not a number of seats",
        "-1 | -1 seats",
        "100000001 | 0 to 100000000",
        "99999999999999999999 | not a number of seats",
        "300@six | 'six' is not a time",
        "300@2026-11-23T18:00:00Z/late | 'late' is not a time",
        "300@2026-11-23T20:00:00Z/2026-11-23T18:00:00Z | ends before it begins",
        "300@2026-11-23T18:00:00Z/2026-11-23T18:00:00Z | ends before it begins",
        "300, | '' is not a number of seats"
      })
  void a_wrong_text_is_refused_in_one_line(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrewarmSchedule.parse(text))
        .withMessageContaining(why)
        .withMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[",
        "[] []",
        "null",
        "[{}]",
        "[3]",
        "[{\"seats\":\"3\"}]",
        "[{\"seats\":3.5}]",
        "[{\"seats\":99999999999999999999}]",
        "[{\"seats\":-1}]",
        "[{\"seats\":3,\"from\":\"soon\"}]",
        "[{\"seats\":3,\"until\":7}]"
      })
  void damaged_json_is_refused(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> PrewarmSchedule.fromJson(json));
  }

  @Test
  void there_is_an_end_to_windows() {
    PrewarmWindow window = PrewarmWindow.parse("5");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PrewarmSchedule(List.copyOf(Collections.nCopies(401, window))))
        .withMessageContaining("401 pre-warm windows");
  }
}
