package io.fullhouse.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeatSecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789",
        ":0123456789",
        "k:0123",
        "k:",
        "k.1:0123456789",
        "k:0123456789,k:0123456789a",
        "k:0123456789,"
      })
  void a_list_that_is_wrong_is_refused_without_showing_a_secret(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeatSecrets.parse(text))
        .withMessageContaining("SEAT_SECRETS")
        .withMessageNotContaining("0123");
  }

  @Test
  void a_secret_may_hold_colons() {
    assertThat(SeatSecrets.parse("k:ab:cd:ef:gh").knows("k")).isTrue();
  }

  @Test
  void a_derived_key_stays_while_a_new_secret_takes_over() {
    SeatSecrets before = SeatSecrets.parse("old:0123456789");
    SeatSecrets after = SeatSecrets.parse("new:9876543210,old:0123456789");

    assertThat(after.derive("x")).isEqualTo(before.derive("x"));
    assertThat(after.derive("x")).isNotEqualTo(after.derive("y"));
  }
}
