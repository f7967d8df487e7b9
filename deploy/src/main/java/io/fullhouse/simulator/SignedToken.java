package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Optional;

/** A JSON Web Token taken apart; nothing in it is to be believed before its signature. */
final class SignedToken {
  /** RFC 7518, 3.4: r and s, 48 bytes each. */
  private static final int ES384_BYTES = 96;

  private static final int PARTS = 3;

  private final JsonNode header;
  private final JsonNode claims;
  private final byte[] content;
  private final byte[] signature;

  private SignedToken(JsonNode header, JsonNode claims, byte[] content, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.content = content;
    this.signature = signature;
  }

  /**
   * @throws Refusal TOKEN_MALFORMED
   */
  static SignedToken parse(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS) {
      throw JoinError.TOKEN_MALFORMED.because("a token has three parts");
    }
    try {
      Base64.Decoder base64 = Base64.getUrlDecoder();
      return new SignedToken(
          Json.read(base64.decode(parts[0])),
          Json.read(base64.decode(parts[1])),
          (parts[0] + "." + parts[1]).getBytes(US_ASCII),
          base64.decode(parts[2]));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw JoinError.TOKEN_MALFORMED.because(
          "the parts of a token are JSON, JSON and a signature in base64url");
    }
  }

  /** Empty when the header names none. */
  String algorithm() {
    return header.path("alg").asText();
  }

  Optional<String> keyId() {
    return Optional.of(header.path("kid")).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  /** Whether this is a JWT with an ES384 signature of the key. */
  boolean isSignedBy(ECPublicKey key) {
    if (signature.length != ES384_BYTES || !header.path("typ").asText().equals("JWT")) {
      return false;
    }
    try {
      Signature check = Signature.getInstance("SHA384withECDSAinP1363Format");
      check.initVerify(key);
      check.update(content);
      return check.verify(signature);
    } catch (SignatureException e) {
      // Numbers that are no signature on this curve.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks ES384", e);
    }
  }

  Input claims() {
    return Input.of(claims);
  }
}
