package io.fullhouse.gateway;

import io.fullhouse.gateway.GatewayConfiguration.TokenPart;
import io.fullhouse.gateway.ivs.JdkTokenSigner;
import io.fullhouse.gateway.ivs.TokenSigner;
import io.fullhouse.gateway.key.TokenKey;
import io.fullhouse.model.StageArn;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code TOKEN_KEY_ARN} and {@code TOKEN_PRIVATE_KEY_FILE}. */
final class TokenKeySetting {
  private static final Logger log = LoggerFactory.getLogger(TokenKeySetting.class);
  private static final Pattern KEY_ARN =
      Pattern.compile("arn:aws:ivs:[a-z0-9-]+:[0-9]+:public-key/[a-zA-Z0-9-]+");

  private TokenKeySetting() {}

  /**
   * What it signs with, and whether IVS would take it, cannot be known before the first viewer
   * joins with it: the log names the key's fingerprint, as {@code token-key list} does.
   *
   * @throws IllegalArgumentException with one line for the operator
   */
  static TokenSigner read(TokenPart configured, StageArn master) {
    String arn = arn(configured.keyArn(), master);
    if (configured.privateKeyFile().isBlank()) {
      throw new IllegalArgumentException(
          "TOKEN_PRIVATE_KEY_FILE is not set; TOKEN_MODE=self-signed needs it");
    }
    TokenKey key = key(configured.privateKeyFile());
    log.info("tokens are signed with {}, fingerprint {}", arn, key.fingerprint());
    return new JdkTokenSigner(arn, key.secret());
  }

  private static String arn(String text, StageArn master) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "TOKEN_KEY_ARN is not set; TOKEN_MODE=self-signed needs it");
    }
    if (!KEY_ARN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "TOKEN_KEY_ARN is not the ARN of an IVS public key: '" + text + "'");
    }
    String home = "arn:aws:ivs:" + master.region() + ":" + master.account() + ":";
    if (!text.startsWith(home)) {
      throw new IllegalArgumentException(
          "TOKEN_KEY_ARN is a key of another account or region than MASTER_STAGE_ARN: '"
              + text
              + "'");
    }
    return text;
  }

  private static TokenKey key(String file) {
    try {
      return TokenKey.read(Path.of(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("TOKEN_PRIVATE_KEY_FILE " + e.getMessage());
    }
  }
}
