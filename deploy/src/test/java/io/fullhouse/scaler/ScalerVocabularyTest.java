package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway's document says of the scaler's words, which no service but it can see. */
final class ScalerVocabularyTest {
  private JsonNode words;

  @BeforeEach
  void read() throws IOException {
    try (InputStream stream =
        getClass().getResourceAsStream("/io/fullhouse/gateway/openapi/words.yaml")) {
      words = new ObjectMapper(new YAMLFactory()).readTree(stream);
    }
  }

  private List<String> documented(String word) {
    List<String> values = new ArrayList<>();
    words.path(word).path("enum").forEach(value -> values.add(value.asText()));
    return values;
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }

  @Test
  void every_reason_and_limit_is_in_the_openapi_document() {
    assertThat(documented("Decision.reason"))
        .containsExactlyInAnyOrderElementsOf(names(ScalingDecision.Reason.values()));
    for (String word : List.of("Decision.limit", "Ceiling.limit", "StageLimitDetails.reason")) {
      assertThat(documented(word))
          .as(word)
          .containsExactlyInAnyOrderElementsOf(names(StageCeiling.Limit.values()));
    }
  }
}
