package io.fullhouse.gateway.auth;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fullhouse.gateway.http.ApiException;
import org.junit.jupiter.api.Test;

final class InternalSecretTest {
  @Test
  void nobody_passes_where_no_secret_is_set() {
    for (String shown : new String[] {null, "", " ", "secret"}) {
      assertThatExceptionOfType(ApiException.class)
          .isThrownBy(() -> new InternalSecret("").require(shown));
    }
  }

  @Test
  void only_the_secret_passes() {
    InternalSecret secret = new InternalSecret("secret-1");

    assertThatCode(() -> secret.require("secret-1")).doesNotThrowAnyException();
    for (String shown : new String[] {null, "", "secret-2", "secret-1 "}) {
      assertThatExceptionOfType(ApiException.class).isThrownBy(() -> secret.require(shown));
    }
  }
}
