package io.fullhouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.model.ViewerCounts.Decoded;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ViewerCountsTest {
  private static final String STAGE = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456";

  @Test
  void reads_what_the_fold_writes() {
    Map<String, String> fields = fields();
    fields.put(STAGE, "7");

    assertThat(ViewerCounts.decode(fields))
        .isEqualTo(
            new Decoded.Counts(
                new ViewerCounts(new EntryId(5, 1), 9, true, Map.of(new StageArn(STAGE), 7L))));
  }

  @Test
  void steps_over_fields_it_does_not_know() {
    Map<String, String> fields = fields();
    fields.put("rate", "x");

    assertThat(ViewerCounts.decode(fields)).isInstanceOf(Decoded.Counts.class);
  }

  /** What is not given is not there. */
  @ParameterizedTest
  @CsvSource({"'',''", "0,''", "1,''", "1,0", "1,1", "2,''", "2,1", "2,0", "3,1", "999999999,1"})
  void reads_its_neighbours_and_whatever_says_that_it_may_be_read(String version, String min) {
    assertThat(ViewerCounts.decode(ofVersion(version, min)))
        .isEqualTo(new Decoded.Counts(new ViewerCounts(new EntryId(5, 1), 9, true, Map.of())));
  }

  @ParameterizedTest
  @CsvSource({"2,2", "3,''", "3,2", "7,3", "1,2", "999999999,''"})
  void names_the_version_of_a_fold_whose_numbers_may_mean_something_else(
      String version, String min) {
    assertThat(ViewerCounts.decode(ofVersion(version, min)))
        .isEqualTo(new Decoded.OtherVersion(version));
  }

  private static Map<String, String> ofVersion(String version, String min) {
    Map<String, String> fields = fields();
    fields.remove("v");
    if (!version.isEmpty()) {
      fields.put("v", version);
    }
    if (!min.isEmpty()) {
      fields.put("min", min);
    }
    return fields;
  }

  @Test
  void who_publishes_need_not_be_told() {
    Map<String, String> fields = fields();
    fields.remove("publisher");

    assertThat(ViewerCounts.decode(fields))
        .isEqualTo(new Decoded.Counts(new ViewerCounts(new EntryId(5, 1), 9, false, Map.of())));
  }

  @ParameterizedTest
  @CsvSource({
    "v, one",
    "v, ''",
    "v, -1",
    "min, all",
    "min, ''",
    "at, yesterday",
    "at, ''",
    "total, -1",
    "total, ''",
    "total, 1e3",
    STAGE + ", many",
    STAGE + ", 99999999999999999999"
  })
  void garbage_is_unreadable_and_nothing_worse(String field, String value) {
    Map<String, String> fields = fields();
    fields.put(field, value);

    assertThat(ViewerCounts.decode(fields)).isInstanceOf(Decoded.Unreadable.class);
    assertThat(ViewerCounts.decode(Map.of())).isInstanceOf(Decoded.Unreadable.class);
  }

  private static Map<String, String> fields() {
    return new HashMap<>(Map.of("v", "1", "at", "5-1", "total", "9", "publisher", "live"));
  }
}
