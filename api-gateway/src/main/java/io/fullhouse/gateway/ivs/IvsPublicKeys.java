package io.fullhouse.gateway.ivs;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.PublicKey;
import software.amazon.awssdk.services.ivsrealtime.model.PublicKeySummary;

/**
 * The public keys by which IVS checks tokens that others sign; an account may have three in a
 * Region (AWS service quotas, IVS Real-Time). Calls block, and fail with an {@link
 * IllegalStateException} whose message says in one line what IVS said.
 */
public final class IvsPublicKeys implements AutoCloseable {
  private final IvsRealTimeClient ivs;

  public IvsPublicKeys(IvsRealTimeClient ivs) {
    this.ivs = ivs;
  }

  /** A key as IVS knows it. */
  public record Imported(String arn, String name, String fingerprint) {
    private static Imported of(PublicKey key) {
      return new Imported(
          key.arn(), key.name() == null ? "" : key.name(), String.valueOf(key.fingerprint()));
    }
  }

  /**
   * Imports a key; one that is there already is found instead, so this may be repeated.
   *
   * @param pem of the public half
   */
  public Imported add(String pem, Optional<String> name) {
    return call(
        () -> {
          try {
            return Imported.of(
                ivs.importPublicKey(r -> r.publicKeyMaterial(pem).name(name.orElse(null)))
                    .publicKey());
          } catch (ConflictException e) {
            return find(pem).orElseThrow(() -> e);
          }
        });
  }

  private Optional<Imported> find(String pem) {
    return all().filter(key -> same(key.publicKeyMaterial(), pem)).map(Imported::of).findFirst();
  }

  private static boolean same(String one, String other) {
    return one.replaceAll("\\s", "").equals(other.replaceAll("\\s", ""));
  }

  public List<Imported> list() {
    return call(() -> all().map(Imported::of).toList());
  }

  /** One call more for each of the three at most: the list does not tell fingerprints. */
  private Stream<PublicKey> all() {
    return ivs.listPublicKeysPaginator(r -> {}).publicKeys().stream()
        .map(PublicKeySummary::arn)
        .map(arn -> ivs.getPublicKey(r -> r.arn(arn)).publicKey());
  }

  /** From then on no token that it signed lets anybody join. */
  public void delete(String arn) {
    call(() -> ivs.deletePublicKey(r -> r.arn(arn)));
  }

  private static <T> T call(Supplier<T> work) {
    try {
      return work.get();
    } catch (SdkException e) {
      throw new IllegalStateException("IVS: " + IvsErrors.describe(e), e);
    }
  }

  @Override
  public void close() {
    ivs.close();
  }
}
