package io.fullhouse.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which page of a list is asked for.
 *
 * @param number 1 for the first page
 * @param after place of the last resource already shown, 0 for none
 */
record PageRequest(Operation operation, int size, int number, long after) {
  /** API model: 1 to 100; 50 when not said. */
  private static final int MAX_RESULTS = 100;

  private static final int DEFAULT_RESULTS = 50;
  private static final Pattern CONTENT = Pattern.compile("([A-Za-z]+):([0-9]{1,9}):([0-9]{1,18})");

  /**
   * Reads {@code maxResults} and {@code nextToken}; an empty token asks for the first page.
   *
   * @throws Refusal ValidationException, also for a token that another list gave
   */
  static PageRequest read(Input input, Operation operation) {
    int size = input.integer("maxResults", 1, MAX_RESULTS).orElse(DEFAULT_RESULTS);
    String token = input.text("nextToken", TextRule.NEXT_TOKEN).orElse("");
    if (token.isEmpty()) {
      return new PageRequest(operation, size, 1, 0);
    }
    Matcher content = CONTENT.matcher(decode(token));
    if (!content.matches() || !content.group(1).equals(operation.wireName())) {
      throw notGivenHere();
    }
    return new PageRequest(
        operation, size, Integer.parseInt(content.group(2)), Long.parseLong(content.group(3)));
  }

  String tokenForNext(long lastShown) {
    String content = operation.wireName() + ":" + (number + 1) + ":" + lastShown;
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
