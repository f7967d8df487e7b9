package io.fullhouse.gateway.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PhraseTest {
  /** Names that are the same in each language: of formats, products, fields and their values. */
  private static final Set<String> NAMES =
      Set.of(
          "API",
          "ARN",
          "AWS",
          "Amazon",
          "Bearer",
          "Broadcast",
          "HTTP",
          "IVS",
          "JSON",
          "OBS",
          "Redis",
          "SDK",
          "UTF-8",
          "Unicode",
          "WHIP",
          "Web",
          "application/json",
          "aws:",
          "fullhouse:",
          "nextCursor",
          "token",
          "new",
          "Stage",
          "strategy",
          "stage.join",
          "true",
          "false",
          "drain=true",
          "publisher-all?sources=true",
          "a-z",
          "A-Z",
          "_");

  /** Of settings. */
  private static final String SETTING = "[A-Z]+(_[A-Z]+)+";

  @ParameterizedTest
  @EnumSource(Phrase.class)
  void each_language_has_the_same_places(Phrase phrase) {
    Set<String> all =
        IntStream.range(0, phrase.places())
            .mapToObj(place -> "{" + place + "}")
            .collect(Collectors.toSet());

    for (Language language : Language.values()) {
      assertThat(found("\\{[^}]*}|[{}]", phrase.text(language)))
          .as("places of %s in %s", phrase, language)
          .hasSameElementsAs(all);
    }
  }

  @ParameterizedTest
  @EnumSource(Phrase.class)
  void chinese_is_chinese_but_for_names(Phrase phrase) {
    String chinese = phrase.text(Language.TRADITIONAL_CHINESE);

    assertThat(chinese).containsPattern("\\p{IsHan}").doesNotContainPattern("\\p{IsHan}[,;:!?.]");
    assertThat(found("[A-Za-z_][A-Za-z0-9_./:?=-]*", chinese.replaceAll("\\{[0-9]}", "")))
        .as("English words of %s", phrase)
        .allMatch(word -> NAMES.contains(word) || word.matches(SETTING));
    assertThat(phrase.text(Language.ENGLISH)).matches("\\p{ASCII}+");
  }

  @Test
  void no_two_phrases_say_the_same() {
    for (Language language : Language.values()) {
      assertThat(Arrays.stream(Phrase.values()).map(phrase -> phrase.text(language)))
          .doesNotHaveDuplicates();
    }
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  @Test
  void places_are_filled_in_each_language() {
    Message wrong =
        new Message.Sentences(
            List.of(
                Phrase.MISSING.with(List.of("userId", "stageArn")),
                Phrase.INVALID.with("limit", Phrase.MUST_BE_WHOLE_NUMBER.with(1, 100_000L))));

    assertThat(wrong.in(Language.ENGLISH))
        .isEqualTo(
            "Missing: userId, stageArn. Invalid limit: must be a whole number from 1 to 100000");
    assertThat(wrong.in(Language.TRADITIONAL_CHINESE))
        .isEqualTo("缺少 userId、stageArn。limit 無效：必須是 1 到 100000 的整數");
  }

  @Test
  void what_fills_a_place_is_no_phrase_itself() {
    Message message = Phrase.INVALID.with("{1}$1\\", Phrase.MUST_BE_STRING);

    assertThat(message.in(Language.ENGLISH)).isEqualTo("Invalid {1}$1\\: must be a string");
  }

  @Test
  void a_place_that_is_not_filled_is_a_mistake_at_once() {
    assertThatIllegalArgumentException().isThrownBy(() -> Phrase.INVALID.with("limit"));
    assertThatIllegalArgumentException().isThrownBy(() -> Phrase.FULL.with("limit"));
    assertThatIllegalArgumentException().isThrownBy(() -> Phrase.INVALID.in(Language.ENGLISH));
  }

  @Test
  void the_words_of_others_stay_as_they_are() {
    Function<Language, String> told = new Message.Quoted("Back at {0}")::in;

    assertThat(Language.values()).allMatch(language -> told.apply(language).equals("Back at {0}"));
  }
}
