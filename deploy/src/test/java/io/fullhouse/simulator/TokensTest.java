package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.CreateStageResponse;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantToken;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenCapability;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenConfiguration;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;

class TokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void a_token_lasts_twelve_hours_and_may_do_everything_by_default() {
    Stage stage = sim.ivs().createStage(r -> {}).stage();
    ParticipantToken token =
        sim.ivs().createParticipantToken(r -> r.stageArn(stage.arn())).participantToken();

    assertThat(token.participantId()).matches("[a-zA-Z0-9]{12}");
    assertThat(token.duration()).isEqualTo(720);
    assertThat(token.expirationTime()).isEqualTo(sim.now().plus(Duration.ofHours(12)));
    assertThat(token.capabilities())
        .containsExactly(ParticipantTokenCapability.PUBLISH, ParticipantTokenCapability.SUBSCRIBE);
    assertThat(token.userId()).isNull();
    assertThat(token.attributes()).isEmpty();
  }

  @Test
  void a_token_says_what_was_asked_for_in_the_answer_and_in_its_claims() throws IOException {
    Stage stage = sim.ivs().createStage(r -> {}).stage();
    ParticipantToken token =
        sim.ivs()
            .createParticipantToken(
                r ->
                    r.stageArn(stage.arn())
                        .duration(20_160)
                        .userId("Zoë 🎬")
                        .attributes(Map.of("seat", "A1"))
                        .capabilities(ParticipantTokenCapability.SUBSCRIBE))
            .participantToken();

    assertThat(token.userId()).isEqualTo("Zoë 🎬");
    assertThat(token.attributes()).containsExactly(Map.entry("seat", "A1"));
    assertThat(token.capabilities()).containsExactly(ParticipantTokenCapability.SUBSCRIBE);

    List<String> parts = List.of(token.token().split("\\.", -1));
    assertThat(parts).hasSize(3).allMatch(part -> part.matches("[A-Za-z0-9_-]+"));
    assertThat(decode(parts.get(0))).isEqualTo(JSON.readTree("{\"alg\":\"KMS\",\"typ\":\"JWT\"}"));
    ObjectNode expected = JSON.createObjectNode();
    expected.put("exp", sim.now().plus(Duration.ofDays(14)).getEpochSecond());
    expected.put("jti", token.participantId());
    expected.put("user_id", "Zoë 🎬");
    expected.put("resource", stage.arn());
    expected.put("events_url", stage.endpoints().events());
    expected.put("whip_url", stage.endpoints().whip());
    expected.putObject("attributes").put("seat", "A1");
    expected.putObject("capabilities").put("allow_subscribe", true);
    assertThat(decode(parts.get(1))).isEqualTo(JSON.readTree(expected.toString()));
  }

  @Test
  void every_token_is_another_participant() {
    Stage stage = sim.ivs().createStage(r -> {}).stage();
    ParticipantToken one =
        sim.ivs().createParticipantToken(r -> r.stageArn(stage.arn())).participantToken();
    ParticipantToken two =
        sim.ivs().createParticipantToken(r -> r.stageArn(stage.arn())).participantToken();
    assertThat(one.participantId()).isNotEqualTo(two.participantId());
  }

  @Test
  void a_stage_can_be_created_with_up_to_twelve_tokens() {
    ParticipantTokenConfiguration host =
        ParticipantTokenConfiguration.builder().userId("host").duration(1).build();
    CreateStageResponse response =
        sim.ivs().createStage(r -> r.participantTokenConfigurations(Collections.nCopies(12, host)));
    assertThat(response.participantTokens())
        .hasSize(12)
        .allSatisfy(
            token -> {
              assertThat(token.userId()).isEqualTo("host");
              assertThat(token.expirationTime()).isEqualTo(sim.now().plusSeconds(60));
            });
  }

  @Test
  void the_longest_user_id_and_attributes_are_taken() {
    Stage stage = sim.ivs().createStage(r -> {}).stage();
    ParticipantToken token =
        sim.ivs()
            .createParticipantToken(
                r ->
                    r.stageArn(stage.arn())
                        .userId("é".repeat(64))
                        .attributes(Map.of("k".repeat(24), "v".repeat(1_000))))
            .participantToken();
    assertThat(token.userId()).hasSize(64);
  }

  @Test
  void a_seal_opens_its_own_tokens_and_no_others() {
    TokenSeal seal = new TokenSeal();
    ObjectNode claims = JSON.createObjectNode().put("jti", "p1");
    String token = seal.seal(claims);
    String forged =
        token.substring(0, token.indexOf('.') + 1)
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"jti\":\"p2\"}".getBytes(UTF_8))
            + token.substring(token.lastIndexOf('.'));

    assertThat(seal.open(token)).contains(claims);
    assertThat(seal.open(forged)).isEmpty();
    assertThat(new TokenSeal().open(token)).isEmpty();
    assertThat(seal.open("")).isEmpty();
    assertThat(seal.open("a.b.c")).isEmpty();
    assertThat(seal.open(token + "!")).isEmpty();
  }

  private static JsonNode decode(String part) throws IOException {
    return JSON.readTree(Base64.getUrlDecoder().decode(part));
  }
}
