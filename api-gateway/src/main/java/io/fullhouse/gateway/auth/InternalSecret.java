package io.fullhouse.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Phrase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** What media servers of our own show, kept as a hash. Immutable. */
public final class InternalSecret {
  /** The header that carries it. */
  public static final String HEADER = "x-internal-secret";

  private final byte @Nullable [] hash;

  /**
   * @param secret blank: nobody passes
   */
  public InternalSecret(String secret) {
    this.hash = secret.isBlank() ? null : hash(secret);
  }

  /**
   * Takes equally long for every secret, right or wrong.
   *
   * @throws ApiException when it is not the one, or there is none
   */
  public void require(@Nullable String shown) {
    byte[] given = hash(shown == null ? "" : shown);
    if (hash == null || !MessageDigest.isEqual(hash, given)) {
      throw ApiException.of(ErrorCode.FORBIDDEN, Phrase.INTERNAL_SECRET);
    }
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
