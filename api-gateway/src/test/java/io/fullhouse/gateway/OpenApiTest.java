package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.http.ErrorCode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /**
   * The records that describe the bodies are read by nobody: here they are held to the resources.
   */
  @Test
  void each_field_of_a_body_is_read_as_documented() {
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(verb -> fieldsAreRead(verb.getKey(), path.getKey(), verb.getValue())));
  }

  private void fieldsAreRead(String verb, String path, JsonNode operation) {
    JsonNode fields = operation.at("/requestBody/content/application~1json/schema");
    if (fields.isMissingNode() || path.equals("/api/token/mediaserver")) { // its secret is not set
      return;
    }
    JsonNode schema = document.at(fields.path("$ref").asText().substring(1));
    ObjectNode wrong = JsonNodeFactory.instance.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              if (field.getValue().has("type")) {
                wrong.putArray(field.getKey()).add(1);
              }
            });

    if (wrong.isEmpty()) {
      return;
    }
    List<String> known = wrong.properties().stream().map(Map.Entry::getKey).toList();
    assertThat(texts(refused(verb, path, wrong).path("invalidFields")))
        .as(path)
        .containsExactlyInAnyOrderElementsOf(known);
    if (schema.has("required")) {
      assertThat(texts(refused(verb, path, wrong.removeAll()).path("missingFields")))
          .as(path)
          .containsExactlyInAnyOrderElementsOf(texts(schema.path("required")));
    }
  }

  private JsonNode refused(String verb, String path, JsonNode body) {
    HttpRequest.Builder request =
        gateway
            .request(path.replaceAll("\\{.*}", "Unknown1"))
            .header("Content-Type", "application/json")
            .method(verb.toUpperCase(Locale.ROOT), BodyPublishers.ofString(body.toString()));
    if (!path.equals("/api/ticket")) { // beside a key its seat is not looked at
      request.header("X-API-Key", RunningGateway.KEY);
    }
    return gateway.send(request.build()).body().at("/error/details");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
