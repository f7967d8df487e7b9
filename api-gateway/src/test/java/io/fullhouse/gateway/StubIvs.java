package io.fullhouse.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The other end of the real SDK's wire: gives tokens, or one prepared answer. Thread-safe. */
public final class StubIvs implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<JsonNode> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile Prepared prepared = new Prepared(200, "", "");
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private record Prepared(int status, String errorType, String body) {}

  public StubIvs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Every call gets a token. */
  public void givesTokens() {
    prepared = new Prepared(200, "", "");
  }

  /** Every call gets this. */
  public void answers(int status, String errorType, String body) {
    prepared = new Prepared(status, errorType, body);
  }

  /** Calls wait until {@link #goesOn}. */
  public void waits() {
    gate = new CountDownLatch(1);
  }

  public void goesOn() {
    gate.countDown();
  }

  /** The bodies received. */
  public List<JsonNode> calls() {
    return calls;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode call = JSON.readTree(exchange.getRequestBody());
      calls.add(call);
      gate.await();
      Prepared now = prepared;
      String body = now.body().isEmpty() ? token(call) : now.body();
      if (!now.errorType().isEmpty()) {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", now.errorType());
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(now.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String token(JsonNode call) {
    int number = tokens.incrementAndGet();
    Instant end = Instant.now().plusSeconds(60L * call.path("duration").asInt());
    return """
        {"participantToken":{"participantId":"p%d","token":"token-%d","expirationTime":"%s"}}"""
        .formatted(number, number, end);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
