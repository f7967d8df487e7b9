package io.fullhouse.gateway.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which language {@code Accept-Language} asks for. */
final class LanguageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What browsers and phones send.
        "zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7 | zh-Hant",
        "zh-HK,zh;q=0.9,en;q=0.8             | zh-Hant",
        "zh-Hant-TW;q=1.0, en-TW;q=0.9       | zh-Hant",
        "en-US,en;q=0.9,zh-TW;q=0.8          | en",
        "zh-CN,zh;q=0.9,en;q=0.8             | en",
        "zh-CN,zh;q=0.9                      | en",
        "ja,zh-TW;q=0.8,en;q=0.7             | zh-Hant",
        "ja                                  | en",
        // Traditional Chinese by script or by place, in upper or lower case.
        "zh-Hant    | zh-Hant",
        "ZH-hant    | zh-Hant",
        "zh-Hant-HK | zh-Hant",
        "zh-MO      | zh-Hant",
        "zh-TW-x-ours | zh-Hant",
        "zh-Hans    | en",
        "zh-Hans-TW | en",
        "zh-SG      | en",
        "zh         | en",
        "zh, zh-TW;q=0.1 | zh-Hant",
        // Weights first, then the order.
        "en;q=0.5, zh-TW;q=0.6 | zh-Hant",
        "zh-TW;q=0.5, en;q=0.6 | en",
        "zh-TW, en             | zh-Hant",
        "en, zh-TW             | en",
        "de, zh-TW;q=0.3, en;q=0.2 | zh-Hant",
        "zh-TW;q=0.2, zh-HK;q=0.9, en;q=0.5 | zh-Hant",
        "zh-TW;q=0.001 | zh-Hant",
        // Whatever is not named.
        "*                    | en",
        "*, en;q=0.5          | zh-Hant",
        "*;q=0.5, en;q=0.1    | zh-Hant",
        "*;q=0.1, zh-TW;q=0.5 | zh-Hant",
        "*, zh-TW;q=0.5       | en",
        "de, *;q=0.1          | en",
        // What is refused.
        "en;q=0, *            | zh-Hant",
        "en;q=0, zh-TW;q=0.1  | zh-Hant",
        "zh-TW;q=0            | en",
        "zh;q=0, en;q=0.1, *  | en",
        "zh-HK;q=0, zh-TW     | zh-Hant",
        "en;q=0               | en",
        "en;q=0, zh-Hant;q=0  | en",
        // A list may be sloppy.
        "', zh-TW,,en;q=0.5,' | zh-Hant",
        "'zh-TW\t;\tq=0.9\t,\ten;q=0.5' | zh-Hant",
      })
  void the_best_of_what_is_wanted(String header, String language) {
    assertThat(Language.of(List.of(header)).tag()).isEqualTo(language);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        " ",
        ";",
        "zh_TW",
        "zh-TW;q=2",
        "zh-TW;q=-1",
        "zh-TW;q=NaN",
        "zh-TW;q=0x1p0",
        "zh-TW;q=1.001",
        "zh-TW;q=0.0001",
        "zh-TW;q=",
        "zh-TW;level=1;q=1",
        "zh-TW;q=1;q=1",
        "繁體中文",
        "{0}",
        "-",
        "abcdefghijklmn",
        "\u0000",
      })
  void what_cannot_be_read_is_no_error_and_answered_in_english(String header) {
    assertThat(Language.of(List.of(header))).isEqualTo(Language.ENGLISH);
  }

  @Test
  void what_cannot_be_read_takes_nothing_from_the_rest() {
    assertThat(Language.of(List.of("zh-*, -, zh-TW, en;q=much")).tag()).isEqualTo("zh-Hant");
  }

  @Test
  void a_list_that_nobody_writes_is_not_read_to_its_end() {
    assertThat(Language.of(List.of("de,".repeat(99) + "zh-TW")).tag()).isEqualTo("zh-Hant");
    assertThat(Language.of(List.of("de,".repeat(100) + "zh-TW")).tag()).isEqualTo("en");
  }

  @Test
  void several_headers_are_one_list() {
    assertThat(Language.of(List.of())).isEqualTo(Language.ENGLISH);
    assertThat(Language.of(List.of("en;q=0.5", "zh-TW"))).isEqualTo(Language.TRADITIONAL_CHINESE);
  }
}
