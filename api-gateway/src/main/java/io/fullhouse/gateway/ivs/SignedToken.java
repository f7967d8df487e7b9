package io.fullhouse.gateway.ivs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.time.Instant;
import java.util.Base64;

/**
 * The form of a participant token that we sign (IVS Real-Time user guide, "Create tokens with a key
 * pair"): a JWT whose {@code jti} is the participant. Thread-safe.
 */
final class SignedToken {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final TokenSigner signer;
  private final IvsUserIds userIds;
  private final String header;

  SignedToken(TokenSigner signer, IvsUserIds userIds) {
    this.signer = signer;
    this.userIds = userIds;
    this.header =
        encoded(
            JSON.createObjectNode()
                .put("alg", "ES384")
                .put("typ", "JWT")
                .put("kid", signer.keyArn()));
  }

  /** Written and signed. Of two texts with equal arguments only the signature differs. */
  String text(Wish wish, ParticipantId participant, Endpoints known, Instant issued, Instant end) {
    ObjectNode claims = JSON.createObjectNode();
    claims.put("exp", end.getEpochSecond());
    claims.put("iat", issued.getEpochSecond());
    claims.put("jti", participant.value());
    userIds.of(wish.user()).ifPresent(user -> claims.put("user_id", user));
    claims.put("resource", wish.stage().value());
    claims.put("topic", wish.stage().id());
    claims.put("events_url", known.events());
    claims.put("whip_url", known.whip());
    // What is not allowed is not named.
    ObjectNode capabilities = claims.putObject("capabilities");
    wish.capabilities()
        .forEach(
            capability ->
                capabilities.put(
                    switch (capability) {
                      case PUBLISH -> "allow_publish";
                      case SUBSCRIBE -> "allow_subscribe";
                    },
                    true));
    if (!wish.attributes().isEmpty()) {
      wish.attributes().forEach(claims.putObject("attributes")::put);
    }
    claims.put("version", "1.0");
    String signed = header + "." + encoded(claims);
    return signed + "." + ENCODER.encodeToString(signer.sign(signed.getBytes(US_ASCII)));
  }

  private static String encoded(ObjectNode json) {
    return ENCODER.encodeToString(json.toString().getBytes(UTF_8));
  }
}
