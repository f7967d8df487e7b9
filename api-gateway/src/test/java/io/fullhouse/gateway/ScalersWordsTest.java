package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.language.Language;
import io.fullhouse.model.CommandRefusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ScalersWordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource(CommandRefusal.class)
  void a_refusal_is_the_scalers_in_english_and_ours_in_chinese(CommandRefusal refusal) {
    ObjectNode answer =
        JSON.createObjectNode()
            .put("message", refusal.text("IVS says no"))
            .put("refusal", refusal.name())
            .put("about", "IVS says no");

    assertThat(ScalersWords.of(answer).in(Language.ENGLISH)).isEqualTo(refusal.text("IVS says no"));
    assertThat(ScalersWords.of(answer).in(Language.TRADITIONAL_CHINESE))
        .containsPattern("\\p{IsHan}")
        .satisfies(
            text ->
                assertThat(text.contains("IVS says no")).isEqualTo(refusal.text().contains("{0}")));
  }

  @Test
  void another_versions_words_stay_as_they_are() {
    ObjectNode older = JSON.createObjectNode().put("message", "No such stage");
    ObjectNode newer = JSON.createObjectNode().put("message", "No.").put("refusal", "MUCH_LATER");

    assertThat(ScalersWords.of(older).in(Language.TRADITIONAL_CHINESE)).isEqualTo("No such stage");
    assertThat(ScalersWords.of(newer).in(Language.TRADITIONAL_CHINESE)).isEqualTo("No.");
  }
}
