package io.fullhouse.counter;

import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/**
 * Puts environment variables into the configuration's text: {@code ${NAME:-default}}.
 *
 * <p>Unlike Dropwizard's own: a variable that is set but empty counts as not set, as container
 * platforms set those; a value is taken as it stands, without looking for variables in it; and a
 * quote in it, say in a password, cannot end the YAML text it stands in. Text values therefore
 * stand in single quotes in the YAML.
 */
final class EnvironmentSubstitutor extends StringSubstitutor {
  EnvironmentSubstitutor(Map<String, String> environment) {
    super(
        name -> {
          String value = environment.getOrDefault(name, "");
          return value.isEmpty() ? null : value.replace("'", "''");
        });
    setDisableSubstitutionInValues(true);
  }
}
