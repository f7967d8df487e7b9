package io.fullhouse.gateway;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the JDK's, and all that came on it. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  /**
   * @param key may be null
   */
  SocketClient(URI http, @Nullable String key) {
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    if (key != null) {
      builder.header("X-API-Key", key);
    }
    socket =
        builder.buildAsync(URI.create(http.toString().replaceFirst("http", "ws")), this).join();
  }

  static SocketClient open(RunningGateway gateway) {
    return new SocketClient(gateway.uri("/ws"), RunningGateway.KEY);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      try {
        messages.add(JSON.readTree(text.toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.complete(failure.toString());
  }

  void send(String json) {
    socket.sendText(json, true).join();
  }

  List<JsonNode> messages(String type) {
    return messages.stream().filter(m -> m.path("type").asText().equals(type)).toList();
  }

  JsonNode awaitMessage(String type, Predicate<JsonNode> wanted) {
    return await()
        .until(() -> messages(type).stream().filter(wanted).findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  JsonNode awaitMessage(String type) {
    return awaitMessage(type, any -> true);
  }

  /** Code and reason, once it is closed. */
  CompletableFuture<String> closed() {
    return closed;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
