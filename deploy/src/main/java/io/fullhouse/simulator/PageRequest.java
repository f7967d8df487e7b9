package io.fullhouse.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which page of a list is asked for.
 *
 * @param scope of what the list is, in short
 * @param number 1 for the first page
 * @param after place of the last resource already shown, 0 for none
 */
record PageRequest(Operation operation, String scope, int size, int number, long after) {
  /** API model, of every list. */
  private static final int DEFAULT_RESULTS = 50;

  private static final Pattern CONTENT =
      Pattern.compile("([A-Za-z]+):([0-9a-f]+):([0-9]{1,9}):([0-9]{1,18})");

  /**
   * Reads {@code maxResults} and {@code nextToken}; an empty token asks for the first page.
   *
   * @param of what is listed, such as the participants of which session
   * @throws Refusal ValidationException, also for a token that another list gave
   */
  static PageRequest read(Input input, Operation operation, String of) {
    int size = input.integer("maxResults", 1, operation.maxResults()).orElse(DEFAULT_RESULTS);
    String scope = Integer.toHexString(of.hashCode());
    String token = input.text("nextToken", TextRule.NEXT_TOKEN).orElse("");
    if (token.isEmpty()) {
      return new PageRequest(operation, scope, size, 1, 0);
    }
    Matcher content = CONTENT.matcher(decode(token));
    if (!content.matches()
        || !content.group(1).equals(operation.wireName())
        || !content.group(2).equals(scope)) {
      throw notGivenHere();
    }
    return new PageRequest(
        operation,
        scope,
        size,
        Integer.parseInt(content.group(3)),
        Long.parseLong(content.group(4)));
  }

  String tokenForNext(long lastShown) {
    String content = operation.wireName() + ":" + scope + ":" + (number + 1) + ":" + lastShown;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(content.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw notGivenHere();
    }
  }

  private static Refusal notGivenHere() {
    return new Refusal(AwsError.validation("The nextToken is not valid for this operation"));
  }
}
