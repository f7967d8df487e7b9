package io.fullhouse.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Phrase;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tickets let a browser in where it can send no header: each once, within a minute, at any gateway.
 * Thread-safe.
 *
 * <p>A ticket stands in a URL, so it is worth nothing afterwards. Redis holds its hash alone.
 */
public final class Tickets {
  /** From being given to being used. */
  public static final Duration LIFE = Duration.ofSeconds(60);

  /** The query parameter. */
  public static final String PARAMETER = "ticket";

  /** 192 bits: nobody guesses one. */
  private static final int BYTES = 24;

  /** Characters; longer is none of ours. */
  private static final int MAX_LENGTH = 64;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecureRandom random = new SecureRandom();
  private final Store store;

  /** Where all gateways keep them. */
  public interface Store {
    /** Keeps a hash, and whom it is for, for so long. */
    CompletionStage<?> keep(String hash, String whose, Duration life);

    /** Removes it. Null: it was not there. */
    CompletionStage<? extends @Nullable String> take(String hash);
  }

  public Tickets(Store store) {
    this.store = store;
  }

  /**
   * A new ticket.
   *
   * @param whose for people who look into Redis; no secret
   */
  public CompletionStage<String> give(String whose) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String ticket = ENCODER.encodeToString(bytes);
    return store.keep(hash(ticket), whose, LIFE).thenApply(kept -> ticket);
  }

  /**
   * Uses a ticket up.
   *
   * @throws ApiException through the stage: when it is none, was used, or is too old
   */
  public CompletionStage<Void> redeem(String ticket) {
    return store
        .take(hash(ticket.length() > MAX_LENGTH ? "" : ticket))
        .thenAccept(
            whose -> {
              if (whose == null) {
                throw ApiException.of(
                    ErrorCode.UNAUTHORIZED, "TICKET_INVALID", Phrase.TICKET_NOT_GOOD);
              }
            });
  }

  /** The ticket that a request shows. */
  public static Optional<String> shown(ContainerRequestContext request) {
    return Optional.ofNullable(request.getUriInfo().getQueryParameters().getFirst(PARAMETER));
  }

  private static String hash(String ticket) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
