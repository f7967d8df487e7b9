package io.fullhouse.simulator;

import java.util.regex.Pattern;

/**
 * What a text member may be: the patterns and lengths of the IVS Real-Time API model.
 *
 * @param minLength in Unicode characters, as the model counts
 */
record TextRule(Pattern pattern, int minLength, int maxLength) {
  /** Of stages and public keys. Not unique. */
  static final TextRule NAME = of("[a-zA-Z0-9-_]*", 0, 128);

  static final TextRule STAGE_ARN = of("arn:aws:ivs:[a-z0-9-]+:[0-9]+:stage/[a-zA-Z0-9-]+", 1, 128);
  static final TextRule PUBLIC_KEY_ARN =
      of("arn:aws:ivs:[a-z0-9-]+:[0-9]+:public-key/[a-zA-Z0-9-]+", 1, 128);

  /** The model's own pattern allows types of one letter only; the service takes its own ARNs. */
  static final TextRule RESOURCE_ARN =
      of("arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+", 1, 128);

  /** Empty means no recording. */
  static final TextRule STORAGE_CONFIGURATION_ARN =
      of("|arn:aws:ivs:[a-z0-9-]+:[0-9]+:storage-configuration/[a-zA-Z0-9-]+", 0, 128);

  static final TextRule SESSION_ID = of("st-[a-zA-Z0-9]+", 16, 16);
  static final TextRule PARTICIPANT_ID = of("[a-zA-Z0-9-]*", 0, 64);

  /** In DisconnectParticipant alone an underscore is allowed, as it is in tokens. */
  static final TextRule DISCONNECTED_ID = of("[a-zA-Z0-9-_]*", 0, 64);

  static final TextRule USER_ID = of("(?s).*", 0, 128);
  static final TextRule REASON = of("(?s).*", 0, 128);
  static final TextRule NEXT_TOKEN = of("[a-zA-Z0-9+/=_-]*", 0, 1024);
  static final TextRule TAG_KEY = of("(?s).*", 1, 128);
  static final TextRule TAG_VALUE = of("(?s).*", 0, 256);
  static final TextRule ANY = of("(?s).*", 0, Integer.MAX_VALUE);

  static TextRule of(String pattern, int minLength, int maxLength) {
    return new TextRule(Pattern.compile(pattern), minLength, maxLength);
  }

  /**
   * @param path the member's place in the request, for the message
   * @return the text itself
   * @throws Refusal ValidationException
   */
  String check(String path, String text) {
    int length = text.codePointCount(0, text.length());
    if (length < minLength || length > maxLength) {
      throw Input.invalid(
          path, "must have length between " + minLength + " and " + maxLength + ", has " + length);
    }
    if (!pattern.matcher(text).matches()) {
      throw Input.invalid(path, "must satisfy regular expression pattern: " + pattern);
    }
    return text;
  }
}
