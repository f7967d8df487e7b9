package io.fullhouse.gateway.key;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the private number out of a PEM text: PKCS#8 ({@code BEGIN PRIVATE KEY}, RFC 5208) or SEC1
 * ({@code BEGIN EC PRIVATE KEY}, RFC 5915), as openssl and {@code token-key create} write them.
 */
final class PrivateKeyPem {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY|PUBLIC KEY)-----(.*?)-----END \\1-----",
          Pattern.DOTALL);

  private static final String EC_KEY = "2a8648ce3d0201";
  private static final String P384_CURVE = "2b81040022";

  /** What people have lying about. */
  private static final Map<String, String> OTHER_CURVES =
      Map.of("2a8648ce3d030107", "P-256", "2b81040023", "P-521", "2b8104000a", "secp256k1");

  private PrivateKeyPem() {}

  /**
   * @throws IllegalArgumentException saying what the text is instead; it never shows any of it
   */
  static BigInteger read(String text) {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      throw new IllegalArgumentException("is not a private key in PEM format");
    }
    String kind = block.group(1);
    if (kind.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw new IllegalArgumentException("is encrypted; a key without a password is needed");
    }
    return number(
        switch (kind) {
          case "PRIVATE KEY" -> pkcs8(der(block.group(2)));
          case "EC PRIVATE KEY" -> sec1(der(block.group(2)), "");
          case "PUBLIC KEY" ->
              throw new IllegalArgumentException("is the public key, not the private one");
          default ->
              throw new IllegalArgumentException("is " + kind + ", not an elliptic curve key");
        });
  }

  private static Der der(String base64) {
    try {
      return new Der(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not a private key in PEM format", e);
    }
  }

  private static byte[] pkcs8(Der file) {
    Der key = file.enter(Der.SEQUENCE);
    key.take(Der.INTEGER);
    Der algorithm = key.enter(Der.SEQUENCE);
    if (!hex(algorithm.take(Der.OBJECT_ID)).equals(EC_KEY)) {
      throw new IllegalArgumentException("is not an elliptic curve key");
    }
    String curve = algorithm.nextIs(Der.OBJECT_ID) ? hex(algorithm.take(Der.OBJECT_ID)) : "";
    return sec1(new Der(key.take(Der.OCTET_STRING)), curve);
  }

  /**
   * @param curveAround what stands around it; empty for nothing
   */
  private static byte[] sec1(Der file, String curveAround) {
    Der key = file.enter(Der.SEQUENCE);
    key.take(Der.INTEGER);
    byte[] number = key.take(Der.OCTET_STRING);
    boolean own = key.nextIs(Der.CONTEXT_0);
    String curve = own ? hex(key.enter(Der.CONTEXT_0).take(Der.OBJECT_ID)) : curveAround;
    if (!curve.equals(P384_CURVE)) {
      throw new IllegalArgumentException(
          "is on the curve "
              + OTHER_CURVES.getOrDefault(curve, "(unknown)")
              + "; IVS takes P-384 (secp384r1) alone");
    }
    return number;
  }

  private static BigInteger number(byte[] bytes) {
    BigInteger number = new BigInteger(1, bytes);
    if (number.signum() == 0 || number.compareTo(P384.CURVE.getOrder()) >= 0) {
      throw new IllegalArgumentException("is damaged");
    }
    return number;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
