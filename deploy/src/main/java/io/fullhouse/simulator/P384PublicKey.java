package io.fullhouse.simulator;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ECDSA public key on the curve P-384, the only kind IVS takes for participant tokens (IVS
 * Real-Time user guide, "Create tokens with a key pair").
 *
 * @param material the PEM as it was given
 */
record P384PublicKey(String material, ECPublicKey key) {
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");
  private static final ECParameterSpec CURVE = curve();

  /**
   * @throws Refusal ValidationException when it is no PEM, no elliptic curve key or another curve
   */
  static P384PublicKey read(String path, String material) {
    Matcher pem = PEM.matcher(material);
    if (!pem.matches()) {
      throw Input.invalid(path, "must be a public key in PEM format");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
      java.security.PublicKey key =
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      if (key instanceof ECPublicKey ecKey && isOnCurve(ecKey)) {
        return new P384PublicKey(material, ecKey);
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw Input.invalid(path, "must be an elliptic curve public key");
    }
    throw Input.invalid(path, "must be a key on the curve P-384");
  }

  /** MD5 of the key's encoding, sixteen bytes in the form the AWS guide shows. */
  String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(key.getEncoded());
      return HexFormat.ofDelimiter(":").formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static boolean isOnCurve(ECPublicKey key) {
    return key.getParams().getCurve().equals(CURVE.getCurve())
        && key.getParams().getOrder().equals(CURVE.getOrder());
  }

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp384r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks P-384", e);
    }
  }
}
