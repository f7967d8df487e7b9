package io.fullhouse.gateway;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.language.Phrase;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of viewers ended, as text that a client sends back. It names nobody: a query ends up
 * in logs.
 *
 * @param stage the short id of the stage it belongs to
 * @param from HSCAN's own cursor, a number of 64 bits
 * @param to where the step of which a part was shown ended; empty for none
 * @param last SHA-1 of the last user of that part; empty for none
 */
record ViewerCursor(String stage, String from, String to, String last) {
  private static final Pattern FORMAT =
      Pattern.compile("([^|]+)\\|([0-9]{1,20})\\|(?:([0-9]{1,20})\\|([0-9a-f]{40}))?");

  /** Where the first page of any stage begins. */
  static ViewerCursor start(String stage) {
    return new ViewerCursor(stage, "0", "", "");
  }

  String write() {
    String text = stage + "|" + from + "|" + (to.isEmpty() ? "" : to + "|" + last);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads one back.
   *
   * @param stage the short id of the stage it has to be for
   * @throws ApiException when it is none of ours, or of another stage
   */
  static ViewerCursor read(String cursor, String stage) {
    try {
      Matcher text =
          FORMAT.matcher(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
      if (text.matches()
          && text.group(1).equals(stage)
          && isUnsigned(text.group(2))
          && (text.group(3) == null || isUnsigned(text.group(3)))) {
        return text.group(3) == null
            ? new ViewerCursor(stage, text.group(2), "", "")
            : new ViewerCursor(stage, text.group(2), text.group(3), text.group(4));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw ApiException.invalid("cursor", Phrase.MUST_BE_CURSOR);
  }

  private static boolean isUnsigned(String digits) {
    return !Long.toUnsignedString(Long.parseUnsignedLong(digits)).isEmpty();
  }
}
