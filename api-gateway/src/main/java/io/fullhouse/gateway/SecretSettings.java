package io.fullhouse.gateway;

import io.fullhouse.gateway.auth.ApiKeys;
import io.fullhouse.gateway.auth.InternalSecret;
import io.fullhouse.gateway.auth.Rotating;
import io.fullhouse.gateway.auth.SeatSecrets;
import java.nio.file.Path;
import java.util.function.Function;

/** Reads the secrets that stand in settings, or in files that settings name. */
final class SecretSettings {
  private static final String DEVELOPMENT_KEY = "dev:dev-key";

  /** Long enough not to be guessed by whoever reaches the port. */
  private static final int MIN_INTERNAL_SECRET = 8;

  private SecretSettings() {}

  /** {@code API_KEYS} or {@code API_KEYS_FILE}. */
  static Rotating<ApiKeys> apiKeys(GatewayConfiguration configured, GatewaySettings.Mode mode) {
    if (!configured.apiKeysFile().isBlank()) {
      return file(
          "API_KEYS",
          configured.apiKeys(),
          configured.apiKeysFile(),
          ApiKeys::parse,
          keys -> "keys of " + String.join(", ", keys.names()));
    }
    if (!configured.apiKeys().isEmpty()) {
      return Rotating.never(configured.apiKeys().value(), ApiKeys::parse);
    }
    if (mode != GatewaySettings.Mode.DEVELOPMENT) {
      throw new IllegalArgumentException(
          "API_KEYS is not set (name:key[:scope+scope],...), nor API_KEYS_FILE; FULLHOUSE_MODE=development brings its own");
    }
    return Rotating.never(DEVELOPMENT_KEY, ApiKeys::parse);
  }

  /** {@code SEAT_SECRETS} or {@code SEAT_SECRETS_FILE}. */
  static Rotating<SeatSecrets> seatSecrets(GatewayConfiguration configured) {
    if (!configured.seatSecretsFile().isBlank()) {
      return file(
          "SEAT_SECRETS",
          configured.seatSecrets(),
          configured.seatSecretsFile(),
          SeatSecrets::parse,
          secrets -> "signs with " + String.join(", then verifies ", secrets.ids()));
    }
    if (configured.seatSecrets().isEmpty()) {
      throw new IllegalArgumentException(
          "SEAT_SECRETS is not set (kid:secret,...), nor SEAT_SECRETS_FILE");
    }
    return Rotating.never(configured.seatSecrets().value(), SeatSecrets::parse);
  }

  private static <T> Rotating<T> file(
      String setting,
      Secret direct,
      String file,
      Function<String, T> parse,
      Function<T, String> describe) {
    if (!direct.isEmpty()) {
      throw new IllegalArgumentException(
          setting + " and " + setting + "_FILE are both set: which one holds?");
    }
    return Rotating.file(setting + "_FILE", Path.of(file), parse, describe);
  }

  /** {@code INTERNAL_SECRET}. */
  static InternalSecret internal(GatewayConfiguration configured) {
    String secret = configured.internalSecret().value();
    if (!secret.isBlank() && secret.length() < MIN_INTERNAL_SECRET) {
      throw new IllegalArgumentException(
          "INTERNAL_SECRET must have at least " + MIN_INTERNAL_SECRET + " characters");
    }
    return new InternalSecret(secret);
  }
}
