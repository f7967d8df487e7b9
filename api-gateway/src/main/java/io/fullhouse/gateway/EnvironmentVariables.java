package io.fullhouse.gateway;

import java.util.function.UnaryOperator;
import org.apache.commons.text.StringSubstitutor;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables into the YAML where it says {@code ${NAME:-default}}. An empty one
 * counts as unset, and a value is taken as it is: whatever a secret holds, it stays one value.
 */
final class EnvironmentVariables {
  private EnvironmentVariables() {}

  static StringSubstitutor substitutor() {
    return substitutor(System::getenv);
  }

  static StringSubstitutor substitutor(UnaryOperator<@Nullable String> environment) {
    return new StringSubstitutor(
            name -> {
              String value = environment.apply(name);
              // Texts stand in single quotes, where only the quote itself is special.
              return value == null || value.isEmpty() ? null : value.replace("'", "''");
            })
        .setDisableSubstitutionInValues(true);
  }
}
