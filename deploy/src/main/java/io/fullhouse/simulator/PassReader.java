package io.fullhouse.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Checks participant tokens as IVS does when somebody joins: those of the API by their seal, those
 * signed by the customer by the imported key. Thread-safe.
 *
 * <p>Rules of the claims: IVS Real-Time user guide, "Create tokens with a key pair".
 */
final class PassReader {
  private static final Duration MAX_LIFE = Duration.ofDays(14);
  private static final String VERSION = "1.0";
  static final TextRule JTI = TextRule.of("[a-zA-Z0-9-_]+", 1, 64);

  private final TokenSeal seal;
  private final ResourceTable<PublicKey> keys;
  private final ResourceTable<Stage> stages;
  private final InstantSource time;

  PassReader(
      TokenSeal seal,
      ResourceTable<PublicKey> keys,
      ResourceTable<Stage> stages,
      InstantSource time) {
    this.seal = seal;
    this.keys = keys;
    this.stages = stages;
    this.time = time;
  }

  /**
   * @throws Refusal with a {@link JoinError}
   */
  Pass read(String token) {
    SignedToken signed = SignedToken.parse(token);
    try {
      return switch (signed.algorithm()) {
        case "KMS" -> fromApi(token);
        case "ES384" -> selfSigned(signed);
        default -> throw malformed("no token is signed with " + signed.algorithm());
      };
    } catch (Refusal refusal) {
      // A claim of the wrong type or length was refused in the words of the API.
      throw refusal.error().isModelled() || refusal.error().type().startsWith("Serialization")
          ? malformed(refusal.error().message())
          : refusal;
    }
  }

  private Pass fromApi(String token) {
    Input claims =
        seal.open(token)
            .map(Input::of)
            .orElseThrow(() -> JoinError.TOKEN_NOT_ALLOWED.because("the token was not made here"));
    return pass(claims);
  }

  private Pass selfSigned(SignedToken token) {
    PublicKey key =
        token
            .keyId()
            .flatMap(keys::find)
            .orElseThrow(
                () ->
                    JoinError.TOKEN_NOT_ALLOWED.because(
                        "no public key was imported with the kid of the token"));
    if (!token.isSignedBy(key.key().key())) {
      throw JoinError.TOKEN_NOT_ALLOWED.because("the signature is not of the key " + key.arn());
    }
    Input claims = token.claims();
    Pass pass = pass(claims);
    checkLife(claims);
    checkStage(claims, pass);
    if (!claims.required("version", TextRule.ANY).equals(VERSION)) {
      throw malformed("version must be " + VERSION);
    }
    return pass;
  }

  private Pass pass(Input claims) {
    Instant expires = Instant.ofEpochSecond(seconds(claims, "exp"));
    Input may =
        claims.object("capabilities").orElseThrow(() -> malformed("capabilities are missing"));
    Pass pass =
        new Pass(
            claims.required("resource", TextRule.STAGE_ARN),
            claims.required("jti", JTI),
            TokenRequest.readUserId(claims, "user_id").orElse(""),
            Map.copyOf(TokenRequest.readAttributes(claims)),
            may.flag("allow_publish").orElse(false),
            may.flag("allow_subscribe").orElse(false),
            expires);
    if (pass.isExpired(time.instant())) {
      throw JoinError.TOKEN_EXPIRED.because("the token expired at " + expires);
    }
    if (!pass.mayPublish() && !pass.maySubscribe()) {
      throw JoinError.TOKEN_NOT_ALLOWED.because("the token has no capability");
    }
    return pass;
  }

  private static void checkLife(Input claims) {
    long life = seconds(claims, "exp") - seconds(claims, "iat");
    if (life > MAX_LIFE.toSeconds()) {
      throw malformed("exp is more than 14 days after iat");
    }
  }

  /** A signer takes the endpoints from the stage; those of another stage lead nowhere. */
  private void checkStage(Input claims, Pass pass) {
    Stage stage =
        stages
            .find(pass.stageArn())
            .orElseThrow(() -> JoinError.STAGE_DELETED.because("no stage " + pass.stageArn()));
    same(claims, "topic", stage.id());
    same(claims, "events_url", Stage.EVENTS_URL);
    same(claims, "whip_url", stage.whipUrl());
  }

  private static void same(Input claims, String claim, String expected) {
    if (!claims.required(claim, TextRule.ANY).equals(expected)) {
      throw malformed(claim + " must be " + expected + " for this stage");
    }
  }

  private static long seconds(Input claims, String claim) {
    return claims
        .whole(claim, 0, Integer.MAX_VALUE * 2L)
        .orElseThrow(() -> malformed(claim + " is missing"));
  }

  private static Refusal malformed(String message) {
    return JoinError.TOKEN_MALFORMED.because(message);
  }
}
