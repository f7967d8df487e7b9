package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Clients that mean no good, byte by byte: each is answered in the envelope or cut off, in bounded
 * time, and leaves Redis as it was.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class HostileClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration RECEIVE_WITHIN = Duration.ofSeconds(2);
  private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(30);

  /** More than the gateway has threads. */
  private static final int MANY = 160;

  private static final List<String> ROUTES =
      List.of(
          "/api/token/viewer",
          "/api/token/publisher",
          "/api/token/publisher-all",
          "/api/token/mediaserver",
          "/api/viewer/heartbeat",
          "/api/viewer/leave",
          "/api/viewer/rejoin",
          "/api/viewer/ban",
          "/api/viewer/kick",
          "/api/doors",
          "/api/broadcast/end",
          "/api/scaler/mode",
          "/api/scaler/floor",
          "/api/stage",
          "/api/events/ivs",
          "/api/publisher/offline",
          "/api/stats",
          "/health",
          "/");

  private final RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
  private final RedisView view = new RedisView(redis.uri());
  private final StubIvs ivs = new StubIvs();
  private final RunningGateway gateway =
      RunningGateway.start(
          redis.uri(), ivs, Map.of("receiveWithin", RECEIVE_WITHIN.toSeconds() + "s"));

  @BeforeAll
  void open() {
    view.open(MASTER);
    view.live();
    ivs.givesTokens();
    await().until(() -> view.everyKey().contains(view.keys.events())); // the first tick
  }

  @AfterAll
  void end() {
    gateway.close();
    ivs.close();
    view.close();
    redis.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String head(String method, String path, String... headers) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: "
        + RunningGateway.KEY
        + "\r\nx-internal-secret: "
        + RunningGateway.INTERNAL_SECRET
        + "\r\n"
        + String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList())
        + "\r\n";
  }

  /** Sends, and reads until the gateway ends the connection. */
  private String exchange(byte[]... parts) throws IOException {
    try (Socket socket = connect()) {
      try {
        for (byte[] part : parts) {
          socket.getOutputStream().write(part);
        }
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // Refused before all was sent: what it said can be read all the same.
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String post(String path, byte[] body) throws IOException {
    return exchange(
        head("POST", path, "Content-Type: application/json", "Content-Length: " + body.length)
            .getBytes(ISO_8859_1),
        body);
  }

  private static void assertEnveloped(String answer, boolean mayHaveNoBody) throws IOException {
    assertThat(answer).matches("(?s)HTTP/1\\.1 [2345][0-9][0-9].*");
    assertThat(answer).doesNotMatch("(?s)HTTP/1\\.1 500.*");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("x-content-type-options: nosniff", "content-security-policy: ", "x-request-id: ")
        .doesNotContain("\tat ", "exception", "jetty");
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    if (!mayHaveNoBody || !body.isBlank()) {
      JsonNode envelope =
          JSON.readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1));
      assertThat(envelope.path("success").isBoolean()).isTrue();
      assertThat(envelope.path("timestamp").asText()).endsWith("Z");
    }
  }

  @Test
  void bodies_that_are_wrong_are_answered_in_the_envelope_and_leave_no_key() throws IOException {
    List<String> before = view.everyKey();
    List<byte[]> bodies = new ArrayList<>();
    bodies.add(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', '}'});
    bodies.add("{\"userId\":\"\u00e9\"}".getBytes(ISO_8859_1));
    bodies.add("[".repeat(30_000).getBytes(UTF_8));
    bodies.add(("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)).getBytes(UTF_8));
    bodies.add(("{\"userId\":" + "9".repeat(60_000) + "}").getBytes(UTF_8));
    bodies.add("{\"userId\":\"\\ud800\",\"stageArn\":\"x\"}".getBytes(UTF_8));
    bodies.add("\0\0\0\0".getBytes(UTF_8));
    bodies.add("{\"userId\":\"a\"} trailing".getBytes(UTF_8));
    for (String path : ROUTES.subList(0, 9)) {
      for (byte[] body : bodies) {
        String answer = post(path, body);
        assertEnveloped(answer, false);
        assertThat(answer).startsWith("HTTP/1.1 400 ");
      }
    }
    assertThat(view.everyKey()).isSubsetOf(before);
  }

  @Test
  void ten_megabytes_are_refused_with_and_without_a_length() throws IOException {
    List<String> before = view.everyKey();
    byte[] megabyte = "x".repeat(1 << 20).getBytes(UTF_8);
    for (String path : List.of("/api/token/viewer", "/api/viewer/leave", "/api/events/ivs")) {
      byte[] declared =
          head("POST", path, "Content-Type: application/json", "Content-Length: " + (10 << 20))
              .getBytes(ISO_8859_1);
      byte[] chunked =
          head("POST", path, "Content-Type: application/json", "Transfer-Encoding: chunked")
              .getBytes(ISO_8859_1);
      ByteArrayOutputStream chunks = new ByteArrayOutputStream();
      for (int i = 0; i < 10; i++) {
        chunks.writeBytes("100000\r\n".getBytes(UTF_8));
        chunks.writeBytes(megabyte);
        chunks.writeBytes("\r\n".getBytes(UTF_8));
      }
      assertRefusedOrCutOff(declared, "x".repeat(10 << 20).getBytes(UTF_8));
      assertRefusedOrCutOff(chunked, chunks.toByteArray());
    }
    assertThat(view.everyKey()).isSubsetOf(before);
    assertThat(gateway.get("/health/live").status()).isEqualTo(200);
  }

  /** A client that goes on sending may lose the answer to the reset of its connection. */
  private void assertRefusedOrCutOff(byte[] head, byte[] body) throws IOException {
    try {
      String answer = exchange(head, body);
      if (!answer.isEmpty()) {
        assertThat(answer).startsWith("HTTP/1.1 413 ");
        assertEnveloped(answer, false);
      }
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void a_hundred_kilobytes_of_headers_are_refused() throws IOException {
    String many = "X-Header: 0123456789012345678901234567890\r\n".repeat(2_500);
    String long1 = "X-Long: " + "x".repeat(100_000) + "\r\n";
    for (String headers : List.of(many, long1)) {
      try {
        String answer =
            exchange(("GET / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").getBytes(ISO_8859_1));
        assertThat(answer).startsWith("HTTP/1.1 431 ");
        assertEnveloped(answer, false);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("reset");
      }
    }
  }

  @Test
  void wrong_percent_encoding_and_strange_paths_are_refused() throws IOException {
    List<String> before = view.everyKey();
    for (String path :
        List.of(
            "/%",
            "/api/stage/%zz",
            "/api/stage/%c3%28",
            "/api/stage/%00",
            "/api/stage/..%2f..%2fetc",
            "/api/stage/" + "a".repeat(5_000),
            "/api/stats/stages/%f0%28%8c%28",
            "/api/stats/stages?arn=%",
            "/api/stats/stages?arn=%zz",
            "/api/stats/stages?arn=%ff",
            "/api/scaler/decisions?limit=-1",
            "/api/scaler/decisions?limit=%00",
            "/api//stats",
            "/api/./stats",
            "/api/../stats",
            "/api/stats;a=b",
            "//x/api/stats")) {
      String answer = exchange(head("GET", path).getBytes(ISO_8859_1));
      assertEnveloped(answer, false);
    }
    assertThat(view.everyKey()).isSubsetOf(before);
  }

  @Test
  void unusual_methods_are_answered_on_every_route() throws IOException {
    List<String> before = view.everyKey();
    for (String path : ROUTES) {
      for (String method : List.of("HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X")) {
        String answer = exchange(head(method, path).getBytes(ISO_8859_1));
        assertEnveloped(answer, true);
      }
    }
    assertThat(view.everyKey()).isSubsetOf(before);
  }

  @Test
  void ids_that_look_like_keys_make_none() throws IOException {
    List<String> before = view.everyKey();
    for (String id :
        List.of(
            "ivs:prod:total_viewers",
            "{ivs:prod}:events",
            "../../etc/passwd",
            "*",
            "a\\nb",
            "$(id)",
            "' OR 1=1 --")) {
      String stage = "\"stageArn\":\"" + MASTER + "\",\"participantId\":\"p\"";
      for (String path : List.of("/api/viewer/heartbeat", "/api/viewer/leave")) {
        assertEnveloped(
            post(path, ("{\"userId\":\"" + id + "\"," + stage + "}").getBytes(UTF_8)), false);
      }
      String other = "{\"userId\":\"u\",\"participantId\":\"p\",\"stageArn\":\"" + id + "\"}";
      for (String path :
          List.of("/api/token/viewer", "/api/viewer/heartbeat", "/api/viewer/rejoin")) {
        assertThat(post(path, other.getBytes(UTF_8))).startsWith("HTTP/1.1 400 ");
      }
    }
    assertThat(view.everyKey()).isSubsetOf(before);
  }

  /** Not hostile, but careful: it wants to be told to send its body. */
  @Test
  void who_asks_before_sending_a_body_is_told_to_go_on() throws IOException {
    byte[] body = "{\"userId\":\"careful\"}".getBytes(UTF_8);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              head(
                      "POST",
                      "/api/token/viewer",
                      "Content-Type: application/json",
                      "Expect: 100-continue",
                      "Content-Length: " + body.length)
                  .getBytes(ISO_8859_1));
      byte[] told = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      assertThat(new String(told, ISO_8859_1)).startsWith("HTTP/1.1 100 ");
      socket.getOutputStream().write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"userId\":\"careful\"");
    }
  }

  /**
   * A client that never ends its request.
   *
   * @param drop what it sends again and again
   */
  private record Dripping(Socket socket, String drop) {
    /** One more; whether the connection still stands. */
    boolean drips() {
      try {
        socket.getOutputStream().write(drop.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }

  private Dripping begin(String begun, String drop) throws IOException {
    Dripping client = new Dripping(connect(), drop);
    client.socket().getOutputStream().write(begun.getBytes(ISO_8859_1));
    client.socket().getOutputStream().flush();
    return client;
  }

  @Test
  void who_drips_headers_or_a_body_is_cut_off_and_delays_nobody() throws Exception {
    String json = "Content-Type: application/json";
    List<Dripping> clients = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i += 4) {
        clients.add(begin("POST /api/token/viewer HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x"));
        clients.add(begin(head("POST", "/api/token/viewer", json, "Content-Length: 60000"), " "));
        clients.add(
            begin(
                head("POST", "/api/viewer/leave", json, "Transfer-Encoding: chunked"),
                "1\r\n \r\n"));
        clients.add(begin(head("POST", "/api/stats", json, "Content-Length: 9000000"), " "));
      }
      await()
          .atMost(CUT_OFF_WITHIN)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                clients.removeIf(client -> !client.drips());
                // While they drip everybody else is served.
                assertThat(gateway.get("/api/stats").status()).isEqualTo(200);
                assertThat(gateway.post("/api/token/viewer", "{\"userId\":\"quick\"}").status())
                    .isEqualTo(200);
                return clients.isEmpty();
              });
    } finally {
      for (Dripping client : clients) {
        client.socket().close();
      }
    }
    assertThat(view.entries().stream().filter(entry -> "join".equals(entry.get("t"))))
        .allSatisfy(entry -> assertThat(entry.get("u")).isIn("quick", "careful"));
    await().until(() -> gateway.activeRequests() == 0);
  }
}
