package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
    HttpRequest.Builder request = gateway.request(path);
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
