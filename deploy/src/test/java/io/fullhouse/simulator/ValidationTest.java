package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.CreateParticipantTokenRequest;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenConfiguration;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

/** The SDK checks nothing, so each rule of the API must be kept here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidationTest {
  private static final String ARN = "arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456";
  private static final String KEY_ARN = "arn:aws:ivs:us-east-1:123456789012:public-key/k-1";

  private final TestSimulator sim =
      new TestSimulator(o -> o.withoutRateLimits().withStage("AbCdEf123456", "one"));

  @AfterAll
  void close() {
    sim.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void is_refused_with_400_naming_the_member(
      String rule, String member, Consumer<IvsRealTimeClient> call) {
    assertThatThrownBy(() -> call.accept(sim.ivs()))
        .as(rule)
        .isInstanceOfSatisfying(
            ValidationException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.exceptionMessage()).contains(member);
            });
  }

  static Stream<Arguments> refused() {
    return Stream.of(names(), arns(), tokens(), lists(), tags(), keys()).flatMap(all -> all);
  }

  private static Stream<Arguments> names() {
    return Stream.of(
        refused("a name with a space", "'name'", c -> c.createStage(r -> r.name("a b"))),
        refused("a name with an umlaut", "'name'", c -> c.createStage(r -> r.name("ä"))),
        refused("a name with a newline", "'name'", c -> c.createStage(r -> r.name("a\n"))),
        refused("a name of 129", "'name'", c -> c.createStage(r -> r.name("n".repeat(129)))),
        refused("a new name", "'name'", c -> c.updateStage(r -> r.arn(ARN).name("a/b"))),
        refused(
            "a storage configuration that cannot exist",
            "Storage configuration",
            c ->
                c.createStage(
                    r ->
                        r.autoParticipantRecordingConfiguration(
                            a ->
                                a.storageConfigurationArn(
                                    ARN.replace(":stage/", ":storage-configuration/"))))));
  }

  private static Stream<Arguments> arns() {
    return Stream.of(
        refused("no arn", "'arn'", c -> c.getStage(r -> {})),
        refused("an empty arn", "'arn'", c -> c.getStage(r -> r.arn(""))),
        refused("a bare id", "'arn'", c -> c.getStage(r -> r.arn("AbCdEf123456"))),
        refused("an arn of a key", "'arn'", c -> c.getStage(r -> r.arn(KEY_ARN))),
        refused("an id with _", "'arn'", c -> c.deleteStage(r -> r.arn(ARN + "_"))),
        refused("upper case region", "'arn'", c -> c.getStage(r -> r.arn(ARN.replace("us", "US")))),
        refused("letters as account", "'arn'", c -> c.getStage(r -> r.arn(ARN.replace("12", "x")))),
        refused("another partition", "'arn'", c -> c.getStage(r -> r.arn(ARN.replace("aws", "a")))),
        refused("an arn of 129", "'arn'", c -> c.deleteStage(r -> r.arn(fill(ARN, 129)))),
        refused("no stage arn", "'stageArn'", c -> c.createParticipantToken(r -> {})),
        refused("no arn to update", "'arn'", c -> c.updateStage(r -> r.name("x"))),
        refused("a stage as key", "'arn'", c -> c.getPublicKey(r -> r.arn(ARN))),
        refused("no key", "'arn'", c -> c.deletePublicKey(r -> {})));
  }

  private static Stream<Arguments> tokens() {
    return Stream.of(
        refusedToken("duration 0", "'duration'", r -> r.duration(0)),
        refusedToken("duration below", "'duration'", r -> r.duration(-1)),
        refusedToken("duration of 14 days and a minute", "'duration'", r -> r.duration(20_161)),
        refusedToken("a user id of 129", "'userId'", r -> r.userId("u".repeat(129))),
        refusedToken("a user id of 130 bytes", "'userId'", r -> r.userId("é".repeat(65))),
        refusedToken(
            "attributes of 1,025 bytes",
            "'attributes'",
            r -> r.attributes(Map.of("k".repeat(25), "v".repeat(1_000)))),
        refusedToken(
            "attributes of 1,026 bytes in fewer characters",
            "'attributes'",
            r -> r.attributes(Map.of("", "é".repeat(513)))),
        refusedToken(
            "an unknown capability",
            "'capabilities'",
            r -> r.capabilitiesWithStrings("PUBLISH", "DANCE")),
        refusedToken(
            "three capabilities",
            "'capabilities'",
            r -> r.capabilitiesWithStrings("PUBLISH", "SUBSCRIBE", "PUBLISH")),
        refused(
            "thirteen tokens",
            "'participantTokenConfigurations'",
            c ->
                c.createStage(
                    r ->
                        r.participantTokenConfigurations(
                            Collections.nCopies(
                                13, ParticipantTokenConfiguration.builder().build())))),
        refused(
            "a bad second token",
            "'participantTokenConfigurations[1].duration'",
            c ->
                c.createStage(
                    r -> r.participantTokenConfigurations(List.of(token(1), token(99_999))))));
  }

  private static Stream<Arguments> lists() {
    return Stream.of(
        refused("0 results", "'maxResults'", c -> c.listStages(r -> r.maxResults(0))),
        refused("101 results", "'maxResults'", c -> c.listStages(r -> r.maxResults(101))),
        refused("101 keys", "'maxResults'", c -> c.listPublicKeys(r -> r.maxResults(101))),
        refused("a token with a dot", "'nextToken'", c -> c.listStages(r -> r.nextToken("a.b"))),
        refused(
            "a token of 1,025",
            "'nextToken'",
            c -> c.listStages(r -> r.nextToken("a".repeat(1_025)))),
        refused("an invented token", "nextToken", c -> c.listStages(r -> r.nextToken("abcd"))));
  }

  private static Stream<Arguments> tags() {
    return Stream.of(
        refused("51 tags", "'tags'", c -> c.createStage(r -> r.tags(TagsTest.many(51)))),
        refused("an empty key", "'tags'", c -> c.createStage(r -> r.tags(Map.of("", "v")))),
        refused(
            "a key of 129", "'tags'", c -> c.createStage(r -> r.tags(Map.of("k".repeat(129), "")))),
        refused(
            "a value of 257",
            "'tags.k'",
            c -> c.createStage(r -> r.tags(Map.of("k", "v".repeat(257))))),
        refused("a key of AWS", "'tags'", c -> c.createStage(r -> r.tags(Map.of("aws:x", "")))),
        refused("no tags", "'tags'", c -> c.tagResource(r -> r.resourceArn(ARN))),
        refused(
            "a tag too long",
            "'tags'",
            c -> c.tagResource(r -> r.resourceArn(ARN).tags(Map.of("k".repeat(129), "")))),
        refused("no keys to take", "'tagKeys'", c -> c.untagResource(r -> r.resourceArn(ARN))),
        refused(
            "51 keys to take",
            "'tagKeys'",
            c -> c.untagResource(r -> r.resourceArn(ARN).tagKeys(TagsTest.many(51).keySet()))),
        refused(
            "no arn to tag",
            "'resourceArn'",
            c -> c.listTagsForResource(r -> r.resourceArn("stage"))));
  }

  private static Stream<Arguments> keys() {
    return Stream.of(
        refusedKey("no PEM", "certainly not a key"),
        refusedKey("broken base64", "-----BEGIN PUBLIC KEY-----\nAAA\n-----END PUBLIC KEY-----"),
        refusedKey("a P-256 key", TestKeys.pem("secp256r1")),
        refusedKey("a P-521 key", TestKeys.pem("secp521r1")),
        refusedKey("an RSA key", TestKeys.rsaPem()),
        refusedKey("a private key", TestKeys.pem("secp384r1").replace("PUBLIC KEY", "PRIVATE KEY")),
        refused("no key at all", "'publicKeyMaterial'", c -> c.importPublicKey(r -> {})),
        refused(
            "a bad key name",
            "'name'",
            c ->
                c.importPublicKey(
                    r -> r.publicKeyMaterial(TestKeys.pem("secp384r1")).name("a b"))));
  }

  @Test
  void a_refused_call_changes_nothing() {
    assertThat(sim.stageCount()).isEqualTo(1);
    assertThatThrownBy(
            () ->
                sim.ivs()
                    .createStage(
                        r -> r.name("good").participantTokenConfigurations(List.of(token(0)))))
        .isInstanceOf(ValidationException.class);
    assertThat(sim.stageCount()).isEqualTo(1);
  }

  @Test
  void the_limits_themselves_are_allowed() {
    assertThat(sim.ivs().getStage(r -> r.arn(ARN)).stage().name()).isEqualTo("one");
    sim.ivs().createParticipantToken(r -> r.stageArn(ARN).duration(1));
    sim.ivs().createParticipantToken(r -> r.stageArn(ARN).userId("").attributes(Map.of()));
    sim.ivs().listStages(r -> r.maxResults(1));
    sim.ivs().listStages(r -> r.maxResults(100));
    String arn =
        sim.ivs()
            .createStage(
                r ->
                    r.name("n".repeat(128))
                        .tags(Map.of("k".repeat(128), "v".repeat(256)))
                        .autoParticipantRecordingConfiguration(a -> a.storageConfigurationArn("")))
            .stage()
            .arn();
    sim.ivs().deleteStage(r -> r.arn(arn));
  }

  private static ParticipantTokenConfiguration token(int minutes) {
    return ParticipantTokenConfiguration.builder().duration(minutes).build();
  }

  private static Arguments refusedToken(
      String rule, String member, Consumer<CreateParticipantTokenRequest.Builder> change) {
    return refused(
        rule, member, c -> c.createParticipantToken(r -> change.accept(r.stageArn(ARN))));
  }

  private static Arguments refusedKey(String rule, String pem) {
    return refused(
        rule, "'publicKeyMaterial'", c -> c.importPublicKey(r -> r.publicKeyMaterial(pem)));
  }

  private static Arguments refused(String rule, String member, Consumer<IvsRealTimeClient> call) {
    return arguments(rule, member, call);
  }

  private static String fill(String text, int length) {
    return text + "0".repeat(length - text.length());
  }
}
