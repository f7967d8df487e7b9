package io.fullhouse.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals claims into a token of the outer shape IVS gives, and opens those it sealed itself.
 *
 * <p>IVS signs with an ECDSA P-384 key nobody outside holds, and asks to treat its tokens as
 * opaque. Here an HMAC stands in that place: an ECDSA signature takes over a millisecond of the
 * processor that the system under test needs. Thread-safe.
 */
final class TokenSeal {
  private static final String HEADER = encode("{\"alg\":\"KMS\",\"typ\":\"JWT\"}");
  private static final String ALGORITHM = "HmacSHA384";
  private static final int KEY_BYTES = 48;

  private final SecretKeySpec key;

  /** A seal of its own. */
  TokenSeal() {
    this(random());
  }

  /**
   * The seal with this secret.
   *
   * @throws IllegalArgumentException when it has not the length of one
   */
  TokenSeal(byte[] secret) {
    if (secret.length != KEY_BYTES) {
      throw new IllegalArgumentException("a seal has a secret of " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  private static byte[] random() {
    byte[] secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  byte[] secret() {
    return key.getEncoded();
  }

  String seal(ObjectNode claims) {
    String content = HEADER + "." + encode(Json.write(claims));
    return content + "." + encode(sign(content));
  }

  /**
   * The claims of a token, or empty when it was not sealed here or was changed since. Says nothing
   * about its expiry.
   */
  Optional<JsonNode> open(String token) {
    int end = token.lastIndexOf('.');
    if (end < 0 || !token.startsWith(HEADER + ".")) {
      return Optional.empty();
    }
    String content = token.substring(0, end);
    try {
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(end + 1));
      if (!MessageDigest.isEqual(signature, sign(content))) {
        return Optional.empty();
      }
      String claims = content.substring(HEADER.length() + 1);
      return Optional.of(Json.read(Base64.getUrlDecoder().decode(claims)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private byte[] sign(String content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
