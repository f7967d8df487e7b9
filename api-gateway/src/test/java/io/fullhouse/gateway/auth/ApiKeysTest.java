package io.fullhouse.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeysTest {
  @Test
  void a_key_without_scopes_is_good_for_everything() {
    ApiKeys keys = ApiKeys.parse("studio:s3cret");

    assertThat(keys.find("s3cret"))
        .hasValueSatisfying(
            caller -> {
              assertThat(caller.name()).isEqualTo("studio");
              assertThat(caller.scopes()).isEqualTo(EnumSet.allOf(Scope.class));
            });
  }

  @Test
  void a_key_has_the_scopes_it_names_and_no_others() {
    ApiKeys keys = ApiKeys.parse("a:one,dash:two:stats+people");

    assertThat(keys.find("two").orElseThrow().scopes())
        .containsExactlyInAnyOrder(Scope.STATS, Scope.PEOPLE);
  }

  @Test
  void what_is_not_a_key_finds_nobody() {
    ApiKeys keys = ApiKeys.parse("a:one");

    assertThat(keys.find(null)).isEmpty();
    assertThat(keys.find("")).isEmpty();
    assertThat(keys.find("one ")).isEmpty();
    assertThat(keys.find("a:one")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "a:",
        ":hunter2",
        "a:hunter2:nonsense",
        "a:hunter2:",
        "a:hunter2:stats:x",
        "a:hunter2,",
        "a:hunter2,a:hunter3",
        "a:hunter2,b:hunter2",
        "white space:hunter2"
      })
  void a_list_that_is_wrong_is_refused_without_showing_a_key(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ApiKeys.parse(text))
        .withMessageContaining("API_KEYS")
        .withMessageNotContaining("hunter");
  }
}
