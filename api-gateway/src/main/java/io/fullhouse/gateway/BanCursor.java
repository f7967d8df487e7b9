package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Phrase;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page of bans ended, as text that a client sends back. */
final class BanCursor {
  private static final Pattern FORMAT =
      Pattern.compile("([0-9]{1,15})\\|(.{1,128})", Pattern.DOTALL);

  private BanCursor() {}

  static String write(Map.Entry<String, Ban> last) {
    String text = Ban.millis(last.getValue().until()) + "|" + last.getKey();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads one back.
   *
   * @throws ApiException when it is none of ours
   */
  static Map.Entry<String, Ban> read(String cursor) {
    try {
      Matcher text =
          FORMAT.matcher(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
      if (text.matches()) {
        return Map.entry(text.group(2), Ban.of(text.group(1) + "|0||"));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw ApiException.invalid("cursor", Phrase.MUST_BE_CURSOR);
  }
}
