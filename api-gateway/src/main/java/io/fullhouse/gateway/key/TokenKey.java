package io.fullhouse.gateway.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** A key pair on P-384, the only curve IVS takes. Immutable; its text never shows the secret. */
public final class TokenKey {
  /** Bytes. The longest file of one key has some hundred. */
  private static final int MAX_FILE = 64 * 1024;

  private final ECPrivateKey secret;
  private final ECPublicKey open;

  private TokenKey(ECPrivateKey secret, ECPublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /** A new pair. */
  static TokenKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(P384.NAME));
      KeyPair pair = generator.generateKeyPair();
      return new TokenKey((ECPrivateKey) pair.getPrivate(), (ECPublicKey) pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks P-384", e);
    }
  }

  /**
   * The pair of a private key's file, PEM in PKCS#8 or SEC1.
   *
   * @throws IllegalArgumentException with a line for the operator, which names the file and shows
   *     nothing of it
   */
  public static TokenKey read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new IllegalArgumentException("is not a private key in PEM format");
      }
      return of(PrivateKeyPem.read(new String(Files.readAllBytes(file), US_ASCII)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + " " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " does not exist");
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read (" + e + ")");
    }
  }

  private static TokenKey of(BigInteger number) {
    try {
      KeyFactory keys = KeyFactory.getInstance("EC");
      return new TokenKey(
          (ECPrivateKey) keys.generatePrivate(new ECPrivateKeySpec(number, P384.CURVE)),
          (ECPublicKey)
              keys.generatePublic(new ECPublicKeySpec(P384.publicPoint(number), P384.CURVE)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks P-384", e);
    }
  }

  /** Signs. */
  public ECPrivateKey secret() {
    return secret;
  }

  /** Verifies. */
  public ECPublicKey open() {
    return open;
  }

  /** What IVS imports. */
  String publicPem() {
    return pem("PUBLIC KEY", open.getEncoded());
  }

  /** PKCS#8. */
  String privatePem() {
    return pem("PRIVATE KEY", secret.getEncoded());
  }

  /** MD5 of the public key, in the form IVS shows it. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(open.getEncoded());
      return HexFormat.ofDelimiter(":").formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }
}
