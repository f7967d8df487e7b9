package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ivsrealtime.model.Participant;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;

class SelfSignedTokensTest {
  private final TestSimulator sim = new TestSimulator();
  private final Clients clients = new Clients(sim);
  private final SelfSigner signer = SelfSigner.importing(sim.ivs());
  private Stage stage;

  @BeforeEach
  void createStage() {
    stage = sim.ivs().createStage(r -> {}).stage();
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_token_signed_with_an_imported_key_lets_its_participant_in() {
    ObjectNode claims = claims().put("user_id", "viewer-17");
    claims.putObject("attributes").put("room", "r1");

    JsonNode joined = clients.connect(signer.sign(claims));

    assertThat(joined.get("participantId").asText()).isEqualTo("p-1");
    assertThat(joined.get("stageArn").asText()).isEqualTo(stage.arn());
    assertThat(joined.get("evicted").asBoolean()).isFalse();
    String session = joined.get("sessionId").asText();
    Participant participant =
        sim.ivs()
            .getParticipant(r -> r.stageArn(stage.arn()).sessionId(session).participantId("p-1"))
            .participant();
    assertThat(participant.userId()).isEqualTo("viewer-17");
    assertThat(participant.attributes()).containsEntry("room", "r1");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("TOKEN_EXPIRED", c -> c.put("exp", c.get("iat").asLong())),
        mistake("TOKEN_MALFORMED", c -> c.put("exp", c.get("iat").asLong() + 14 * 86_400 + 1)),
        mistake("TOKEN_MALFORMED", c -> c.put("exp", c.get("exp").asText())),
        mistake("TOKEN_MALFORMED", c -> c.remove("exp")),
        mistake("TOKEN_MALFORMED", c -> c.remove("iat")),
        mistake("TOKEN_MALFORMED", c -> c.remove("jti")),
        mistake("TOKEN_MALFORMED", c -> c.put("jti", "a b")),
        mistake("TOKEN_MALFORMED", c -> c.put("jti", "x".repeat(65))),
        mistake("TOKEN_MALFORMED", c -> c.put("topic", "AnotherStage")),
        mistake("TOKEN_MALFORMED", c -> c.put("resource", "not-an-arn")),
        mistake("STAGE_DELETED", c -> c.put("resource", c.get("resource").asText() + "x")),
        mistake("TOKEN_MALFORMED", c -> c.put("events_url", "wss://elsewhere.example")),
        mistake("TOKEN_MALFORMED", c -> c.remove("whip_url")),
        mistake("TOKEN_MALFORMED", c -> c.remove("capabilities")),
        mistake("TOKEN_MALFORMED", c -> c.putArray("capabilities").add("SUBSCRIBE")),
        mistake("TOKEN_NOT_ALLOWED", c -> c.putObject("capabilities")),
        mistake("TOKEN_MALFORMED", c -> c.put("version", "2.0")),
        mistake("TOKEN_MALFORMED", c -> c.put("version", 1)),
        mistake("TOKEN_MALFORMED", c -> c.put("user_id", "x".repeat(129))),
        mistake("TOKEN_MALFORMED", c -> c.putObject("attributes").put("k", "v".repeat(1_024))));
  }

  private static Arguments mistake(String code, Consumer<ObjectNode> change) {
    return Arguments.of(code, change);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistaken_claim_keeps_its_holder_out(String code, Consumer<ObjectNode> change) {
    ObjectNode claims = claims();
    change.accept(claims);
    assertThat(Clients.code(clients.tryConnect(signer.sign(claims)))).isEqualTo("400 " + code);
    assertThat(clients.activeSession(stage.arn())).isEmpty();
  }

  @Test
  void the_longest_life_is_fourteen_days() {
    long now = sim.now().getEpochSecond();
    clients.connect(signer.sign(claims().put("exp", now + 14 * 86_400)));
    sim.pass(Duration.ofHours(1));
    assertThat(Clients.code(clients.tryConnect(signer.sign(claims().put("exp", now + 3_600)))))
        .isEqualTo("400 TOKEN_EXPIRED");
  }

  @Test
  void a_signature_counts_only_with_the_key_its_token_names() {
    String token = signer.sign(claims());
    String changed = token.substring(0, token.length() - 4) + "AAAA";
    SelfSigner other = SelfSigner.importing(sim.ivs());

    assertThat(Clients.code(clients.tryConnect(changed))).isEqualTo("400 TOKEN_NOT_ALLOWED");
    assertThat(Clients.code(clients.tryConnect(other.sign(signer.header(), claims()))))
        .isEqualTo("400 TOKEN_NOT_ALLOWED");
    assertThat(
            Clients.code(
                clients.tryConnect(signer.sign(signer.header().put("alg", "none"), claims()))))
        .isEqualTo("400 TOKEN_MALFORMED");
    ObjectNode withoutKey = signer.header();
    withoutKey.remove("kid");
    assertThat(Clients.code(clients.tryConnect(signer.sign(withoutKey, claims()))))
        .isEqualTo("400 TOKEN_NOT_ALLOWED");
    for (String nonsense : new String[] {"", "a.b", "a.b.c", "....", "e30.e30.e30"}) {
      assertThat(Clients.code(clients.tryConnect(nonsense))).isEqualTo("400 TOKEN_MALFORMED");
    }
  }

  @Test
  void deleting_the_key_kills_its_tokens() {
    String token = signer.sign(claims());
    clients.connect(token);
    sim.ivs().deletePublicKey(r -> r.arn(signer.keyArn()));
    assertThat(Clients.code(clients.tryConnect(token))).isEqualTo("400 TOKEN_NOT_ALLOWED");
  }

  private ObjectNode claims() {
    return SelfSigner.claims(stage, "p-1", sim.now());
  }
}
