package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and secrets are replaced while viewers watch. */
final class RotationTest {
  @TempDir private Path directory;

  @Test
  void keys_and_seat_secrets_are_replaced_without_a_restart() throws Exception {
    Path keys = Files.writeString(directory.resolve("keys"), "old:" + RunningGateway.KEY);
    Path secrets = Files.writeString(directory.resolve("secrets"), "k1:0123456789abcdef\n");
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
        RedisView view = new RedisView(redis.uri());
        StubIvs ivs = new StubIvs();
        RunningGateway gateway =
            RunningGateway.start(
                redis.uri(),
                ivs,
                Map.of(
                    "apiKeys",
                    "",
                    "apiKeysFile",
                    keys.toString(),
                    "seatSecrets",
                    "",
                    "seatSecretsFile",
                    secrets.toString()))) {
      view.open(RunningGateway.MASTER);
      view.live();
      ivs.givesTokens();
      String seat = join(gateway, RunningGateway.KEY, "viewer").data().path("seat").asText();
      assertThat(seat).startsWith("v1.k1.");
      assertThat(beat(gateway, seat).data().has("seat")).isFalse();

      Files.writeString(keys, "new:another-key");
      Files.writeString(secrets, "k2:fedcba9876543210\nk1:0123456789abcdef\n");

      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  join(gateway, "another-key", "other").status() == 200
                      && beat(gateway, seat).data().has("seat"));
      assertRefused(join(gateway, RunningGateway.KEY, "other"), 401, "UNAUTHORIZED");
      String fresh = beat(gateway, seat).data().path("seat").asText();
      assertThat(fresh).startsWith("v1.k2.");
      assertThat(beat(gateway, fresh).data().has("seat")).isFalse();

      Files.writeString(secrets, "k2:fedcba9876543210");

      await().atMost(Duration.ofSeconds(30)).until(() -> beat(gateway, seat).status() == 401);
      assertThat(beat(gateway, fresh).status()).isEqualTo(200);
    }
  }

  private static RunningGateway.Answer join(RunningGateway gateway, String key, String user) {
    return gateway.send(
        gateway
            .request("/api/token/viewer")
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}"))
            .build());
  }

  private static RunningGateway.Answer beat(RunningGateway gateway, String seat) {
    return gateway.postSeat("/api/viewer/heartbeat", seat);
  }
}
