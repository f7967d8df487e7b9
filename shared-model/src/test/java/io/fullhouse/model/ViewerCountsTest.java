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

  @Test
  void names_the_version_of_another_fold() {
    Map<String, String> fields = fields();
    fields.put("v", "2");

    assertThat(ViewerCounts.decode(fields)).isEqualTo(new Decoded.OtherVersion("2"));
  }

  @ParameterizedTest
  @CsvSource({
    "v, one",
    "v, ''",
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
