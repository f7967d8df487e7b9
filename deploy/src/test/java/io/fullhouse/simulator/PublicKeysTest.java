package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.PublicKey;
import software.amazon.awssdk.services.ivsrealtime.model.PublicKeySummary;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;

class PublicKeysTest {
  private final TestSimulator sim = new TestSimulator();

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void an_imported_key_can_be_read_listed_and_deleted() {
    String pem = TestKeys.pem("secp384r1");
    PublicKey imported =
        sim.ivs()
            .importPublicKey(r -> r.publicKeyMaterial(pem).name("k1").tags(Map.of("a", "b")))
            .publicKey();

    assertThat(imported.arn())
        .matches("arn:aws:ivs:us-east-1:123456789012:public-key/[a-zA-Z0-9-]+");
    assertThat(imported.publicKeyMaterial()).isEqualTo(pem);
    assertThat(imported.fingerprint()).matches("([0-9a-f]{2}:){15}[0-9a-f]{2}");
    assertThat(sim.ivs().getPublicKey(r -> r.arn(imported.arn())).publicKey()).isEqualTo(imported);
    assertThat(sim.ivs().listPublicKeys(r -> {}).publicKeys())
        .containsExactly(
            PublicKeySummary.builder()
                .arn(imported.arn())
                .name("k1")
                .tags(Map.of("a", "b"))
                .build());

    sim.ivs().deletePublicKey(r -> r.arn(imported.arn()));
    assertThat(sim.ivs().listPublicKeys(r -> {}).publicKeys()).isEmpty();
  }

  @Test
  void keys_are_listed_in_pages() {
    importKey();
    importKey();
    importKey();
    assertThat(sim.ivs().listPublicKeysPaginator(r -> r.maxResults(2)).publicKeys()).hasSize(3);
  }

  @Test
  void the_fourth_key_is_402_until_one_is_deleted() {
    importKey();
    importKey();
    String third = importKey().arn();
    assertThatThrownBy(this::importKey).isInstanceOf(ServiceQuotaExceededException.class);
    sim.ivs().deletePublicKey(r -> r.arn(third));
    assertThat(importKey().arn()).isNotEqualTo(third);
  }

  @Test
  void the_same_key_twice_is_a_conflict() {
    String pem = TestKeys.pem("secp384r1");
    sim.ivs().importPublicKey(r -> r.publicKeyMaterial(pem));
    assertThatThrownBy(() -> sim.ivs().importPublicKey(r -> r.publicKeyMaterial(pem + "\n")))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void an_unknown_key_is_404() {
    String arn = "arn:aws:ivs:us-east-1:123456789012:public-key/none";
    assertThatThrownBy(() -> sim.ivs().getPublicKey(r -> r.arn(arn)))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> sim.ivs().deletePublicKey(r -> r.arn(arn)))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private PublicKey importKey() {
    String pem = TestKeys.pem("secp384r1");
    return sim.ivs().importPublicKey(r -> r.publicKeyMaterial(pem)).publicKey();
  }
}
