package io.fullhouse.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;

/** A customer with a key of its own, imported, who signs participant tokens. */
final class SelfSigner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KeyPair pair;
  private final String keyArn;

  private SelfSigner(KeyPair pair, String keyArn) {
    this.pair = pair;
    this.keyArn = keyArn;
  }

  static SelfSigner importing(IvsRealTimeClient ivs) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp384r1"));
      KeyPair pair = generator.generateKeyPair();
      String pem = TestKeys.pem(pair.getPublic());
      return new SelfSigner(
          pair, ivs.importPublicKey(r -> r.publicKeyMaterial(pem)).publicKey().arn());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("P-384", e);
    }
  }

  String keyArn() {
    return keyArn;
  }

  /** Claims as the guide asks for them, for an hour, that may publish and subscribe. */
  static ObjectNode claims(Stage stage, String participantId, Instant now) {
    ObjectNode claims = JSON.createObjectNode();
    claims.put("exp", now.getEpochSecond() + 3_600).put("iat", now.getEpochSecond());
    claims.put("jti", participantId).put("resource", stage.arn());
    claims.put("topic", stage.arn().substring(stage.arn().indexOf('/') + 1));
    claims.put("events_url", stage.endpoints().events());
    claims.put("whip_url", stage.endpoints().whip());
    claims.putObject("capabilities").put("allow_publish", true).put("allow_subscribe", true);
    return claims.put("version", "1.0");
  }

  ObjectNode header() {
    return JSON.createObjectNode().put("alg", "ES384").put("typ", "JWT").put("kid", keyArn);
  }

  String sign(ObjectNode claims) {
    return sign(header(), claims);
  }

  String sign(ObjectNode header, ObjectNode claims) {
    String content = encode(header.toString()) + "." + encode(claims.toString());
    try {
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(pair.getPrivate());
      signature.update(content.getBytes(US_ASCII));
      return content
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("ES384", e);
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
