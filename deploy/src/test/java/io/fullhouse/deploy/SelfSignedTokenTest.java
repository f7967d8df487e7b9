package io.fullhouse.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.simulator.IvsSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway signs lets clients onto the stages of the simulated IVS, which checks it. */
final class SelfSignedTokenTest {
  private final KeyPair pair = pair();
  private final GatewayHouse house;

  SelfSignedTokenTest(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("token-key.pem");
    Files.writeString(file, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    house = new GatewayHouse(ivs -> settings(ivs, file));
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp384r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  private Map<String, String> settings(IvsSimulator ivs, Path file) {
    String material = pem("PUBLIC KEY", pair.getPublic().getEncoded()).replace("\n", "\\n");
    Answer imported =
        GatewayHouse.call(
            ivs.uri().resolve("/ImportPublicKey"), "{\"publicKeyMaterial\":\"" + material + "\"}");
    return Map.of(
        "token.mode", "self-signed",
        "token.keyArn", imported.body().at("/publicKey/arn").asText(),
        "token.privateKeyFile", file.toString());
  }

  @BeforeEach
  void describe() {
    house.describeMaster();
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Answer connect(String token) {
    return house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}");
  }

  @Test
  void a_viewer_s_token_and_its_refresh_connect_the_same_participant() {
    Answer joined = house.join("u1");
    house.fold();

    Answer connected = connect(joined.text("token"));

    assertThat(connected.status()).as(connected.body().toString()).isEqualTo(200);
    assertThat(connected.body().path("participantId").asText())
        .isEqualTo(joined.text("participantId"));
    assertThat(connected.body().path("stageArn").asText()).isEqualTo(house.master);

    house.time.advance(Duration.ofHours(10));
    Answer beat = house.beat(joined.text("seat"));
    assertThat(beat.next()).isEqualTo("refresh");
    Answer again = connect(beat.data().at("/next/token").asText());
    assertThat(again.body().path("participantId").asText())
        .as(again.body().toString())
        .isEqualTo(joined.text("participantId"));
  }

  @Test
  void a_publisher_s_token_lets_it_publish() {
    Answer publisher = house.post("/api/token/publisher", "{\"userId\":\"host\"}");
    assertThat(connect(publisher.text("token")).status()).isEqualTo(200);

    Answer published =
        house.ivs(
            "/_sim/publish",
            "{\"stageArn\":\"%s\",\"participantId\":\"%s\"}"
                .formatted(house.master, publisher.text("participantId")));

    assertThat(published.status()).as(published.body().toString()).isEqualTo(200);
  }

  @Test
  void a_token_that_was_changed_connects_nobody() {
    String token = house.join("u1").text("token");
    String[] parts = token.split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.replace("allow_subscribe", "allow_publish").getBytes(UTF_8));

    assertThat(connect(parts[0] + "." + changed + "." + parts[2]).status()).isNotEqualTo(200);
  }
}
