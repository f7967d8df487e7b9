package io.fullhouse.gateway.ivs;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;

/**
 * Signs with the Java platform's own ECDSA. Thread-safe.
 *
 * <p>The first security provider that offers the algorithm is used: a faster one (such as Amazon
 * Corretto's) takes over by being put first in the platform's {@code java.security}.
 */
public record JdkTokenSigner(String keyArn, ECPrivateKey secret) implements TokenSigner {
  /** Raw r and s; plain {@code SHA384withECDSA} wraps them in DER, which no JWT is signed with. */
  private static final String ALGORITHM = "SHA384withECDSAinP1363Format";

  @Override
  public byte[] sign(byte[] text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no signature", e);
    }
  }

  @Override
  public String toString() {
    return keyArn;
  }
}
