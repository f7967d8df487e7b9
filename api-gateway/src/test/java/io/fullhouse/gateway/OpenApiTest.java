package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.http.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The OpenAPI document against the gateway that serves it. */
@ExtendWith(GatewayExtension.class)
final class OpenApiTest {
  private final RunningGateway gateway;
  private JsonNode document;

  OpenApiTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void load() {
    Answer answer = gateway.get("/openapi.json");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    document = answer.body();
  }

  private List<String> documented() {
    List<String> routes = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        verb -> routes.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return routes;
  }

  @Test
  void every_route_is_in_the_document_and_no_other() {
    List<String> routes = new ArrayList<>();
    gateway.get("/").body().at("/data/endpoints").forEach(each -> routes.add(each.asText()));
    routes.removeIf(route -> route.matches("GET /(demo|docs)(/.*)?")); // pages, no interface

    assertThat(documented()).containsExactlyInAnyOrderElementsOf(routes);
  }

  @Test
  void every_code_is_in_the_document() {
    Set<String> codes =
        document.findValues("code").stream()
            .filter(code -> code.has("const"))
            .map(code -> code.path("const").asText())
            .collect(Collectors.toSet());

    assertThat(codes)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
  }
}
