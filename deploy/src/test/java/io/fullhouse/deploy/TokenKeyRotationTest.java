package io.fullhouse.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.deploy.GatewayHouse.Answer;
import io.fullhouse.gateway.key.TokenKeyCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key of self-signed tokens is replaced as the gateway's README says; viewers see nothing. */
final class TokenKeyRotationTest {
  private final Path directory;
  private final GatewayHouse house;
  private Map<String, String> first = Map.of();
  private Map<String, String> second = Map.of();
  private JvmGateway other;

  /** Two gateways that sign with the first key. */
  TokenKeyRotationTest(@TempDir Path directory) {
    this.directory = directory;
    house =
        new GatewayHouse(
            ivs -> {
              first = newKey(ivs.uri(), "first");
              return first;
            });
    other = house.another(first);
  }

  @BeforeEach
  void describe() {
    house.describeMaster(other.uri());
  }

  @AfterEach
  void close() {
    other.close();
    house.close();
  }

  @Test
  void gateways_change_to_another_key_one_after_the_other_and_the_old_one_is_deleted() {
    Answer ann = connected(house.join("ann"), first);
    Answer ben = connected(house.join(other.uri(), "ben"), first);

    second = newKey(house.ivsUri(), "second");
    assertThat(keys()).containsExactlyInAnyOrder(arn(first), arn(second));
    house.restart(second);
    Answer cat = connected(house.join("cat"), second);
    connected(house.join(other.uri(), "dan"), first);
    other.close();
    other = house.another(second);
    connected(house.join(other.uri(), "eve"), second);
    connected(house.join("fay"), second);
    assertThat(connect(ann.text("token")).status()).as("both keys verify").isEqualTo(200);
    house.fold();

    tokenKey(house.ivsUri(), Map.of("action", "delete", "arn", arn(first)));
    assertThat(keys()).containsExactly(arn(second));
    assertThat(connect(ann.text("token")).body().path("code").asText())
        .isEqualTo("TOKEN_NOT_ALLOWED");
    assertThat(connect(cat.text("token")).status()).isEqualTo(200);
    connected(house.join("gus"), second);

    // Nobody who is connected is sent away; whoever has to connect anew is given another token.
    for (String seat : List.of(ann.text("seat"), ben.text("seat"), cat.text("seat"))) {
      assertThat(house.beat(seat).next()).isEqualTo("continue");
    }
    connected(house.rejoin(other.uri(), ben.text("seat"), "token-expired"), second);
    house.fold();
    house.time.advance(Duration.ofHours(10));
    for (URI gateway : List.of(URI.create(house.address("")), other.uri())) {
      Answer beat = house.beat(gateway, ann.text("seat"));
      assertThat(beat.next()).isEqualTo("refresh");
      String refreshed = beat.data().at("/next/token").asText();
      assertThat(keyOf(refreshed)).isEqualTo(arn(second));
      assertThat(connect(refreshed).body().path("participantId").asText())
          .isEqualTo(ann.text("participantId"));
    }
    assertThat(house.total()).isEqualTo(7);
  }

  /** The token is signed with that key, and lets its participant in. */
  private Answer connected(Answer joined, Map<String, String> settings) {
    assertThat(joined.status()).as("%s", joined.code()).isEqualTo(200);
    assertThat(keyOf(joined.text("token"))).isEqualTo(arn(settings));
    Answer connected = connect(joined.text("token"));
    assertThat(connected.status()).as("%s", connected.body()).isEqualTo(200);
    assertThat(connected.body().path("participantId").asText())
        .isEqualTo(joined.text("participantId"));
    return joined;
  }

  private Answer connect(String token) {
    return house.ivs("/_sim/connect", "{\"token\":\"" + token + "\"}");
  }

  private static String keyOf(String token) {
    String header = token.substring(0, token.indexOf('.'));
    String json = new String(Base64.getUrlDecoder().decode(header), UTF_8);
    return json.replaceFirst(".*\"kid\":\"([^\"]*)\".*", "$1");
  }

  private static String arn(Map<String, String> settings) {
    return settings.getOrDefault("token.keyArn", "");
  }

  private List<String> keys() {
    return tokenKey(house.ivsUri(), Map.of("action", "list"))
        .lines()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  /** Made and imported by the gateway's own command, whose output is the settings. */
  private Map<String, String> newKey(URI ivs, String name) {
    Path file = directory.resolve(name + ".pem");
    String out = tokenKey(ivs, Map.of("action", "create", "out", file.toString(), "name", name));
    Map<String, String> settings = new HashMap<>();
    Map<String, String> paths =
        Map.of(
            "TOKEN_MODE", "token.mode",
            "TOKEN_KEY_ARN", "token.keyArn",
            "TOKEN_PRIVATE_KEY_FILE", "token.privateKeyFile");
    paths.forEach(
        (variable, path) ->
            out.lines()
                .filter(line -> line.startsWith(variable + "="))
                .forEach(line -> settings.put(path, line.substring(variable.length() + 1))));
    assertThat(settings).hasSize(3);
    return settings;
  }

  /** In this JVM: how it is typed is another test's. */
  private static String tokenKey(URI ivs, Map<String, Object> arguments) {
    Map<String, Object> all = new HashMap<>(arguments);
    all.put("region", "us-east-1");
    Map<String, String> properties =
        Map.of(
            JvmGateway.IVS_ENDPOINT,
            ivs.toString(),
            "aws.accessKeyId",
            "simulator",
            "aws.secretAccessKey",
            "simulator");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    properties.forEach(System::setProperty);
    try (PrintStream print = new PrintStream(out, true, UTF_8)) {
      new TokenKeyCommand(print).run(null, new Namespace(all));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
    return out.toString(UTF_8);
  }
}
