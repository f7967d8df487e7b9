package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Mints participant tokens as the IVS API does. Thread-safe. */
final class Tokens {
  private final TokenSeal seal;
  private final InstantSource time;

  Tokens(TokenSeal seal, InstantSource time) {
    this.seal = seal;
    this.time = time;
  }

  /** The {@code ParticipantToken} shape; what was not asked for is not in it. */
  ObjectNode mint(Stage stage, TokenRequest request) {
    String participantId = Ids.next();
    Instant expires = time.instant().plus(request.duration()).truncatedTo(ChronoUnit.SECONDS);
    ObjectNode token = Json.object();
    token.put("participantId", participantId);
    token.put("token", seal.seal(claims(stage, request, participantId, expires)));
    request.userId().ifPresent(userId -> token.put("userId", userId));
    if (!request.attributes().isEmpty()) {
      token.set("attributes", Json.object(request.attributes()));
    }
    token.put("duration", request.duration().toMinutes());
    ArrayNode capabilities = token.putArray("capabilities");
    request.capabilities().forEach(capabilities::add);
    token.put("expirationTime", expires.toString());
    return token;
  }

  /** The claims of a real token minted by the API; {@code topic}, {@code iat} are not in it. */
  private static ObjectNode claims(
      Stage stage, TokenRequest request, String participantId, Instant expires) {
    ObjectNode claims = Json.object();
    claims.put("exp", expires.getEpochSecond());
    claims.put("jti", participantId);
    request.userId().ifPresent(userId -> claims.put("user_id", userId));
    claims.put("resource", stage.arn());
    claims.put("events_url", Stage.EVENTS_URL);
    claims.put("whip_url", stage.whipUrl());
    if (!request.attributes().isEmpty()) {
      claims.set("attributes", Json.object(request.attributes()));
    }
    ObjectNode capabilities = claims.putObject("capabilities");
    if (request.capabilities().contains(TokenRequest.PUBLISH)) {
      capabilities.put("allow_publish", true);
    }
    if (request.capabilities().contains(TokenRequest.SUBSCRIBE)) {
      capabilities.put("allow_subscribe", true);
    }
    return claims;
  }
}
