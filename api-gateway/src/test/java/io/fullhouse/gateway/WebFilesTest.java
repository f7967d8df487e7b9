package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What browsers load. */
@ExtendWith(GatewayExtension.class)
final class WebFilesTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final RunningGateway gateway;

  WebFilesTest(RunningGateway gateway) {
    this.gateway = gateway;
  }

  private HttpResponse<String> load(String path, String... headers)
      throws IOException, InterruptedException {
    return load(gateway, path, headers);
  }

  private HttpResponse<String> load(RunningGateway from, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = from.request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.GET().build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void the_viewer_client_is_a_module_for_every_page() throws Exception {
    HttpResponse<String> client = load("/fullhouse.js");

    assertThat(client.statusCode()).isEqualTo(200);
    assertThat(client.body()).contains("export class Viewer");
    assertThat(header(client, "content-type")).isEqualTo("text/javascript;charset=utf-8");
    assertThat(header(client, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(client, "cache-control")).isEqualTo("max-age=300");

    for (String origin : new String[] {"https://studio.example.org", "https://else.example.org"}) {
      HttpResponse<String> there = load("/fullhouse.js", "Origin", origin);
      assertThat(there.headers().allValues("access-control-allow-origin")).containsExactly("*");
    }
  }

  @Test
  void the_demo_is_a_page_with_a_policy_of_its_own() throws Exception {
    HttpResponse<String> page = load("/demo");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "content-type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.headers().allValues("content-security-policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'; script-src 'self' ")
        .contains("connect-src 'self' https: wss:;")
        .doesNotContain("unsafe");
    assertThat(page.body()).contains("data-simulator=\"\"");

    assertThat(header(load("/demo/demo.css"), "content-type")).isEqualTo("text/css;charset=utf-8");
    for (String script : new String[] {"demo.js", "house.js", "players.js"}) {
      assertThat(header(load("/demo/" + script), "content-type"))
          .isEqualTo("text/javascript;charset=utf-8");
    }
    for (String other : new String[] {"demo.html", "fullhouse.js", "..%2Fseat.lua", "x"}) {
      assertThat(load("/demo/" + other).statusCode()).as(other).isEqualTo(404);
    }
  }

  @Test
  void the_interface_is_a_page_that_asks_nobody_else() throws Exception {
    HttpResponse<String> page = load("/docs");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(header(page, "content-type")).isEqualTo("text/html;charset=utf-8");
    assertThat(page.headers().allValues("content-security-policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'; script-src 'self'; ")
        .contains("connect-src 'self';")
        .doesNotContain("http");

    assertThat(header(load("/docs/swagger-ui.css"), "content-type"))
        .isEqualTo("text/css;charset=utf-8");
    for (String script : new String[] {"docs.js", "swagger-ui-bundle.js"}) {
      assertThat(header(load("/docs/" + script), "content-type"))
          .isEqualTo("text/javascript;charset=utf-8");
    }
    for (String other : new String[] {"index.html", "..%2F..%2Fpom.xml", "x"}) {
      assertThat(load("/docs/" + other).statusCode()).as(other).isEqualTo(404);
    }
  }

  @Test
  void the_document_is_for_every_page_and_sent_once() throws Exception {
    HttpResponse<String> document = load("/openapi.json", "Origin", "https://tools.example.org");
    assertThat(header(document, "content-type")).isEqualTo("application/json");
    assertThat(header(document, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(document, "cache-control")).isEqualTo("max-age=300");

    String tag = header(document, "etag");
    assertThat(load("/openapi.json", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void in_production_there_is_no_demo(StubIvs ivs) throws Exception {
    String nowhere = "redis://127.0.0.1:1"; // no file needs it
    try (RunningGateway production =
        RunningGateway.start(nowhere, ivs, Map.of("mode", "production"))) {
      assertThat(load(production, "/demo").statusCode()).isEqualTo(404);
      assertThat(load(production, "/demo/demo.js").statusCode()).isEqualTo(404);
      assertThat(load(production, "/fullhouse.js").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_browser_that_has_the_client_is_not_sent_it_again() throws Exception {
    String tag = header(load("/fullhouse.js"), "etag");
    assertThat(tag).matches("\"[0-9a-f]{32}\"");

    HttpResponse<String> known = load("/fullhouse.js", "If-None-Match", tag);
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    assertThat(header(known, "etag")).isEqualTo(tag);
    assertThat(header(known, "cache-control")).isEqualTo("max-age=300");
    assertThat(load("/fullhouse.js", "If-None-Match", "\"else\"").statusCode()).isEqualTo(200);
  }
}
