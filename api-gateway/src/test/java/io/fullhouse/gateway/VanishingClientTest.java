package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.MASTER;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that are gone when their answer comes. */
@ExtendWith(GatewayExtension.class)
final class VanishingClientTest {
  private static final int CLIENTS = 20;

  private final RunningGateway gateway;
  private final RedisView view;
  private final StubIvs ivs;

  VanishingClientTest(RunningGateway gateway, RedisView view, StubIvs ivs) {
    this.gateway = gateway;
    this.view = view;
    this.ivs = ivs;
  }

  private Socket join(String user) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort());
    socket.setSoLinger(true, 0); // closing resets the connection: no answer can be written
    String body = "{\"userId\":\"" + user + "\"}";
    String request =
        """
        POST /api/token/viewer HTTP/1.1
        Host: fullhouse
        X-API-Key: %s
        Content-Type: application/json
        Content-Length: %d

        %s"""
            .formatted(RunningGateway.KEY, body.length(), body);
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    return socket;
  }

  @Test
  void leave_no_request_behind_and_keep_the_seat_that_was_made_for_them() throws IOException {
    ivs.waits();
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(join("u" + i));
    }
    await().until(() -> ivs.calls().size() == CLIENTS);
    for (Socket client : clients) {
      client.close();
    }
    assertThat(gateway.activeRequests()).isGreaterThanOrEqualTo(CLIENTS);
    ivs.goesOn();

    await().until(() -> gateway.activeRequests() == 0);
    assertThat(view.taken(MASTER)).isEqualTo(CLIENTS); // until the sweep finds them silent
  }

  /** Ending a request twice would take the next one's body from it. */
  @Test
  void who_stays_is_answered_again_and_again_on_one_connection() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest look = HttpRequest.newBuilder(gateway.uri("/health/ready")).build();
    HttpRequest wrong = // says which body was read
        HttpRequest.newBuilder(gateway.uri("/api/token/viewer"))
            .header("X-API-Key", RunningGateway.KEY)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"userId\":\"\"}"))
            .build();
    for (int i = 0; i < 200; i++) {
      assertThat(client.send(look, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      assertThat(client.send(wrong, BodyHandlers.ofString()).body())
          .contains("\"invalidFields\":[\"userId\"]");
    }
  }
}
