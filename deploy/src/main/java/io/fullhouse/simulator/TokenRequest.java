package io.fullhouse.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a participant token is asked to hold. Limits: IVS Real-Time API reference,
 * CreateParticipantToken.
 *
 * @param capabilities PUBLISH, SUBSCRIBE or both; never empty
 */
record TokenRequest(
    Duration duration,
    Optional<String> userId,
    Map<String, String> attributes,
    List<String> capabilities) {
  static final String PUBLISH = "PUBLISH";
  static final String SUBSCRIBE = "SUBSCRIBE";

  private static final int MAX_MINUTES = 20_160;
  private static final int DEFAULT_MINUTES = 720;
  private static final int MAX_USER_ID_BYTES = 128;
  private static final int MAX_ATTRIBUTES_BYTES = 1_024;
  private static final Set<String> CAPABILITIES = Set.of(PUBLISH, SUBSCRIBE);

  static TokenRequest read(Input input) {
    return new TokenRequest(
        Duration.ofMinutes(input.integer("duration", 1, MAX_MINUTES).orElse(DEFAULT_MINUTES)),
        readUserId(input, "userId"),
        readAttributes(input),
        readCapabilities(input));
  }

  static Optional<String> readUserId(Input input, String member) {
    Optional<String> userId = input.text(member, TextRule.ANY);
    if (userId.isPresent() && bytes(userId.get()) > MAX_USER_ID_BYTES) {
      throw Input.invalid(
          input.pathOf(member), "must have at most " + MAX_USER_ID_BYTES + " bytes of UTF-8");
    }
    return userId;
  }

  static Map<String, String> readAttributes(Input input) {
    Map<String, String> attributes = input.texts("attributes");
    int total =
        attributes.entrySet().stream()
            .mapToInt(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
            .sum();
    if (total > MAX_ATTRIBUTES_BYTES) {
      throw Input.invalid(
          input.pathOf("attributes"),
          "must have at most " + MAX_ATTRIBUTES_BYTES + " bytes in all");
    }
    return attributes;
  }

  private static List<String> readCapabilities(Input input) {
    List<String> asked = input.textList("capabilities", CAPABILITIES.size());
    for (String capability : asked) {
      if (!CAPABILITIES.contains(capability)) {
        throw Input.invalid(
            input.pathOf("capabilities"), "must satisfy enum value set: [PUBLISH, SUBSCRIBE]");
      }
    }
    return asked.isEmpty()
        ? List.of(PUBLISH, SUBSCRIBE)
        : new ArrayList<>(new LinkedHashSet<>(asked));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
