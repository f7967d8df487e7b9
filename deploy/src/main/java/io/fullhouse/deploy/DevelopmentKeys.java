package io.fullhouse.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API keys of a run.
 *
 * @param setting the gateway's {@code API_KEYS}
 * @param given whether somebody chose them, so that they are not ours to print
 */
record DevelopmentKeys(String setting, boolean given) {
  private static final String DEFAULT_KEY = "dev-key";

  static DevelopmentKeys from(Map<String, String> environment) {
    String given = environment.getOrDefault("API_KEYS", "");
    return given.isEmpty()
        ? new DevelopmentKeys("dev:" + DEFAULT_KEY, false)
        : new DevelopmentKeys(given, true);
  }

  /** For the ready line. */
  String describe() {
    return given ? "(yours, from API_KEYS)" : DEFAULT_KEY;
  }

  /** A key with this scope, if there is one. */
  Optional<String> with(String scope) {
    for (String entry : setting.split(",", -1)) {
      String[] parts = entry.strip().split(":", 3);
      boolean all = parts.length == 2;
      if (all || (parts.length == 3 && List.of(parts[2].split("\\+", -1)).contains(scope))) {
        return Optional.of(parts[1]);
      }
    }
    return Optional.empty();
  }
}
