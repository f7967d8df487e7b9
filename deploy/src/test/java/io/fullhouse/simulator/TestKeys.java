package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;

/** Fresh public keys in PEM, as openssl writes them. */
final class TestKeys {
  private TestKeys() {}

  static String pem(String curve) {
    return pem("EC", new ECGenParameterSpec(curve));
  }

  static String rsaPem() {
    return pem("RSA", new RSAKeyGenParameterSpec(2_048, RSAKeyGenParameterSpec.F4));
  }

  static String pem(PublicKey key) {
    byte[] der = key.getEncoded();
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
  }

  private static String pem(String algorithm, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return pem(generator.generateKeyPair().getPublic());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(algorithm, e);
    }
  }
}
