package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

class TagsTest {
  private final TestSimulator sim = new TestSimulator();
  private final String arn = sim.ivs().createStage(r -> r.tags(Map.of("kept", "1"))).stage().arn();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void tags_are_added_overwritten_and_taken_away() {
    sim.ivs().tagResource(r -> r.resourceArn(arn).tags(Map.of("b c", "ü/+&=%", "kept", "2")));
    assertThat(tags()).isEqualTo(Map.of("kept", "2", "b c", "ü/+&=%"));

    sim.ivs().untagResource(r -> r.resourceArn(arn).tagKeys("b c", "never there"));
    assertThat(tags()).isEqualTo(Map.of("kept", "2"));
    assertThat(sim.ivs().getStage(r -> r.arn(arn)).stage().tags()).isEqualTo(Map.of("kept", "2"));
  }

  @Test
  void public_keys_have_tags_too() {
    String key =
        sim.ivs()
            .importPublicKey(r -> r.publicKeyMaterial(TestKeys.pem("secp384r1")))
            .publicKey()
            .arn();
    sim.ivs().tagResource(r -> r.resourceArn(key).tags(Map.of("a", "b")));
    assertThat(sim.ivs().listTagsForResource(r -> r.resourceArn(key)).tags())
        .containsExactly(Map.entry("a", "b"));
  }

  @Test
  void an_arn_that_is_not_encoded_is_understood() {
    assertThat(TestSimulator.json(sim.http("GET", "/tags/" + arn, "")).at("/tags/kept").asText())
        .isEqualTo("1");
  }

  @Test
  void fifty_tags_are_the_most_counted_with_those_already_there() {
    sim.ivs().tagResource(r -> r.resourceArn(arn).tags(many(49)));
    assertThat(tags()).hasSize(50);
    assertThatThrownBy(
            () -> sim.ivs().tagResource(r -> r.resourceArn(arn).tags(Map.of("more", ""))))
        .isInstanceOf(ValidationException.class);
    assertThat(tags()).hasSize(50);
  }

  @Test
  void an_unknown_resource_is_404() {
    String unknown = sim.simulator().stageArn("NoSuchStage1");
    assertThatThrownBy(() -> sim.ivs().listTagsForResource(r -> r.resourceArn(unknown)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(
            () -> sim.ivs().tagResource(r -> r.resourceArn(unknown).tags(Map.of("a", "b"))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> sim.ivs().untagResource(r -> r.resourceArn(unknown).tagKeys("a")))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  static Map<String, String> many(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> "tag-" + i, i -> "value"));
  }

  private Map<String, String> tags() {
    return sim.ivs().listTagsForResource(r -> r.resourceArn(arn)).tags();
  }
}
