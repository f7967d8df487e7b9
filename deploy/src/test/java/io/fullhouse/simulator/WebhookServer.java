package io.fullhouse.simulator;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A webhook that keeps what it gets and answers as it is told; 200 otherwise. Thread-safe. */
final class WebhookServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One request. */
  record Received(Headers headers, JsonNode event) {
    String header(String name) {
      return headers.getFirst(name);
    }
  }

  private record Told(int status, Map<String, String> headers) {}

  private final HttpServer server;
  private final List<Received> received = new ArrayList<>();
  private final Deque<Told> next = new ArrayDeque<>();
  private int usual = 200;

  private WebhookServer(HttpServer server) {
    this.server = server;
  }

  static WebhookServer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      WebhookServer webhook = new WebhookServer(server);
      server.createContext("/hook", webhook::handle);
      server.start();
      return webhook;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  synchronized void answerOnce(int status, Map<String, String> headers) {
    next.add(new Told(status, headers));
  }

  synchronized void answerAlways(int status) {
    usual = status;
  }

  synchronized List<Received> received() {
    return List.copyOf(received);
  }

  List<Received> awaitCount(int count) {
    await().until(() -> received().size() >= count);
    return received();
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode event = JSON.readTree(exchange.getRequestBody());
    Told told = take(new Received(exchange.getRequestHeaders(), event));
    told.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(told.status(), -1);
    exchange.close();
  }

  private synchronized Told take(Received one) {
    received.add(one);
    return next.isEmpty() ? new Told(usual, Map.of()) : next.remove();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
