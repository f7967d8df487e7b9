package io.fullhouse.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.UserId;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes seats as text and reads them back: {@code v1.<kid>.<claims>.<HMAC-SHA256>}, where the HMAC
 * covers everything before it. Thread-safe.
 */
public final class SeatOffice {
  /** Characters. The largest claims make about 1,200. */
  private static final int MAX_LENGTH = 4096;

  private static final String NONE = "SEAT_INVALID";
  private static final String VERSION = "v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final Supplier<SeatSecrets> secrets;
  private final BroadcastId broadcast;
  private final Duration life;
  private final InstantSource time;

  /**
   * @param life of a seat: a viewer token's
   */
  public SeatOffice(
      Supplier<SeatSecrets> secrets, BroadcastId broadcast, Duration life, InstantSource time) {
    this.secrets = secrets;
    this.broadcast = broadcast;
    this.life = life;
    this.time = time;
  }

  /** A seat whose signature, time and broadcast are good, and the secret that signed it. */
  public record Proven(Seat seat, String keyId) {}

  /** The text that the viewer holds. */
  public String write(Seat seat) {
    String text = signed(seat);
    // Attributes of control characters, say, which JSON spells with six characters each.
    return text.length() <= MAX_LENGTH ? text : signed(seat.withoutAttributes());
  }

  private String signed(Seat seat) {
    ObjectNode claims = JSON.createObjectNode();
    claims.put("broadcast", seat.broadcast().value());
    claims.put("user", seat.user().value());
    claims.put("stage", seat.stage().value());
    claims.put("participant", seat.participant().value());
    claims.put("admission", seat.admission().value());
    claims.put("iat", seat.issuedAt().getEpochSecond());
    claims.put("exp", seat.expiresAt().getEpochSecond());
    claims.put("tokenEnd", seat.tokenEnd().getEpochSecond());
    if (!seat.attributes().isEmpty()) {
      seat.attributes().forEach(claims.putObject("attributes")::put);
    }
    SeatSecrets current = secrets.get();
    String signing = current.signing();
    String signed =
        VERSION + "." + signing + "." + ENCODER.encodeToString(claims.toString().getBytes(UTF_8));
    return signed + "." + ENCODER.encodeToString(current.sign(signing, signed));
  }

  /**
   * Reads and proves a seat.
   *
   * @throws ApiException when it is forged, expired or another broadcast's
   */
  public Proven read(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid();
    }
    SeatSecrets current = secrets.get();
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4 || !parts[0].equals(VERSION) || !current.knows(parts[1])) {
      throw invalid();
    }
    String signed = text.substring(0, text.lastIndexOf('.'));
    String signature = ENCODER.encodeToString(current.sign(parts[1], signed));
    // Compared as text: one signature has one spelling.
    if (!MessageDigest.isEqual(signature.getBytes(US_ASCII), parts[3].getBytes(UTF_8))) {
      throw invalid();
    }
    Seat seat = claims(parts[2]);
    if (!time.instant().isBefore(seat.expiresAt())) {
      throw ApiException.of(ErrorCode.UNAUTHORIZED, "SEAT_EXPIRED", Phrase.SEAT_EXPIRED);
    }
    if (!seat.broadcast().equals(broadcast)) {
      throw foreign(Phrase.SEAT_OF_ANOTHER_BROADCAST);
    }
    return new Proven(seat, parts[1]);
  }

  private Seat claims(String encoded) {
    try {
      JsonNode claims = JSON.readTree(DECODER.decode(encoded));
      long issuedAt = claims.path("iat").asLong();
      long expiresAt = claims.path("exp").asLong();
      // A gateway of an older version says nothing of it: its seats outlive their tokens.
      long tokenEnd = Math.min(expiresAt, issuedAt + life.toSeconds());
      return new Seat(
          new BroadcastId(claims.path("broadcast").asText()),
          new UserId(claims.path("user").asText()),
          new StageArn(claims.path("stage").asText()),
          new ParticipantId(claims.path("participant").asText()),
          new AdmissionId(claims.path("admission").asText()),
          Instant.ofEpochSecond(issuedAt),
          Instant.ofEpochSecond(expiresAt),
          Instant.ofEpochSecond(claims.path("tokenEnd").asLong(tokenEnd)),
          attributes(claims.path("attributes")));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw invalid(); // we signed it, so a gateway of another version wrote what we do not know
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
  }

  private static Map<String, String> attributes(JsonNode claim) {
    Map<String, String> attributes = new LinkedHashMap<>();
    claim.properties().forEach(field -> attributes.put(field.getKey(), field.getValue().asText()));
    return attributes;
  }

  /**
   * The seat to hand out beside an answer: when the one shown has less than a quarter of its life
   * left, or was signed with a secret that is being replaced.
   */
  public Optional<String> renew(Proven shown) {
    Instant now = time.instant();
    Seat seat = shown.seat();
    if (Duration.between(now, seat.expiresAt()).compareTo(life.dividedBy(4)) < 0) {
      return Optional.of(write(seat.until(now.plus(life))));
    }
    return shown.keyId().equals(secrets.get().signing())
        ? Optional.empty()
        : Optional.of(write(seat));
  }

  private static ApiException invalid() {
    return none(Phrase.SEAT_NOT_OURS);
  }

  /** What is shown is no seat, or nobody here signed it. */
  public static ApiException none(Message message) {
    return ApiException.of(ErrorCode.UNAUTHORIZED, NONE, message);
  }

  /** Whether a refusal is {@link #none}: somebody guesses, or is much mistaken. */
  public static boolean isNone(ApiException refusal) {
    return NONE.equals(refusal.details().get("reason"));
  }

  /** A seat that is good, but not for what is asked. */
  public static ApiException foreign(Message message) {
    return ApiException.of(ErrorCode.FORBIDDEN, "SEAT_FOREIGN", message);
  }
}
