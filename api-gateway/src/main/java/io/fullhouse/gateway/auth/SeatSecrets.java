package io.fullhouse.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets that sign seats. The first one signs; all verify, so a secret is replaced by putting
 * the new one first and dropping the old one when its seats have run out. Thread-safe.
 */
public final class SeatSecrets {
  static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private static final String ALGORITHM = "HmacSHA256";

  /** Bytes. Below this a secret is a typing error rather than a secret. */
  private static final int MIN_SECRET = 8;

  private final Map<String, SecretKey> keys;
  private final List<String> ids;

  private SeatSecrets(Map<String, SecretKey> keys, List<String> ids) {
    this.keys = Map.copyOf(keys);
    this.ids = List.copyOf(ids);
  }

  /**
   * Reads {@code kid:secret,...}.
   *
   * @throws IllegalArgumentException with a line for the operator, which never shows a secret
   */
  public static SeatSecrets parse(String text) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    for (String entry : text.split(",", -1)) {
      int colon = entry.indexOf(':');
      String id = colon < 0 ? "" : entry.substring(0, colon).trim();
      if (!KEY_ID.matcher(id).matches()) {
        throw new IllegalArgumentException(
            "SEAT_SECRETS must look like kid:secret,... where a kid has 1 to 32 characters of A-Z, a-z, 0-9, '_' or '-'");
      }
      byte[] secret = entry.substring(colon + 1).trim().getBytes(UTF_8);
      if (secret.length < MIN_SECRET) {
        throw new IllegalArgumentException(
            "the secret '" + id + "' in SEAT_SECRETS must have at least " + MIN_SECRET + " bytes");
      }
      if (keys.put(id, new SecretKeySpec(secret, ALGORITHM)) != null) {
        throw new IllegalArgumentException("SEAT_SECRETS has the kid '" + id + "' twice");
      }
    }
    return new SeatSecrets(keys, List.copyOf(keys.keySet()));
  }

  /** The kids, that of the signing one first. */
  public List<String> ids() {
    return ids;
  }

  String signing() {
    return ids.get(0);
  }

  boolean knows(String id) {
    return keys.containsKey(id);
  }

  /** The HMAC-SHA256 of a text. */
  byte[] sign(String id, String text) {
    SecretKey key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException("no secret has this kid");
    }
    return mac(key, text);
  }

  /**
   * A key for another purpose, which tells nothing of the secrets. It stays the same while the
   * oldest secret is configured.
   */
  public SecretKey derive(String purpose) {
    return new SecretKeySpec(sign(ids.get(ids.size() - 1), "derive:" + purpose), ALGORITHM);
  }

  /** The HMAC-SHA256 of a text under a derived key. */
  public static byte[] mac(SecretKey key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HMAC-SHA256", e);
    }
  }
}
