package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DevelopmentKeysTest {
  @Test
  void the_default_key_may_do_everything_and_is_shown() {
    DevelopmentKeys keys = DevelopmentKeys.from(Map.of());

    assertThat(keys.setting()).isEqualTo("dev:dev-key");
    assertThat(keys.with("stats")).contains("dev-key");
    assertThat(keys.describe()).isEqualTo("dev-key");
  }

  @Test
  void a_given_key_is_not_shown() {
    DevelopmentKeys keys = DevelopmentKeys.from(Map.of("API_KEYS", "app:secret"));

    assertThat(keys.describe()).doesNotContain("secret");
    assertThat(keys.with("stats")).contains("secret");
  }

  @Test
  void the_counts_are_read_with_a_key_that_may() {
    assertThat(stats("app:k1:join+viewer,board:k2:people+stats")).isEqualTo("k2");
    assertThat(stats("app:k1:join, all:k2")).isEqualTo("k2");
    assertThat(stats("app:k1:join")).isEqualTo("none");
  }

  private static String stats(String setting) {
    return DevelopmentKeys.from(Map.of("API_KEYS", setting)).with("stats").orElse("none");
  }
}
