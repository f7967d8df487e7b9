package io.fullhouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads an event stream as the HTML standard says, and keeps all of it. */
public final class EventClient implements Flow.Subscriber<String>, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> comments = new CopyOnWriteArrayList<>();
  private final Map<String, String> fields = new HashMap<>();
  private final CompletableFuture<ResponseInfo> head = new CompletableFuture<>();
  private final CompletableFuture<HttpResponse<Void>> response;
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean ended;

  /** One event. */
  public record Event(String name, String id, JsonNode data) {
    public String type() {
      return data.path("type").asText();
    }

    public String stage() {
      return data.path("stageArn").asText();
    }
  }

  private EventClient(HttpRequest request) {
    response =
        HTTP.sendAsync(
            request,
            info -> {
              head.complete(info);
              return BodySubscribers.fromLineSubscriber(this);
            });
  }

  /**
   * Opens the stream.
   *
   * @param headers by name and value in turn
   */
  public static EventClient open(URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return new EventClient(request.build());
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(String line) {
    if (line.startsWith(":")) {
      comments.add(line);
    } else if (!line.isEmpty()) {
      String[] field = line.split(": ?", 2);
      fields.merge(field[0], field[1], (before, more) -> before + "\n" + more);
    } else if (fields.containsKey("data")) {
      events.add(
          new Event(
              fields.getOrDefault("event", "message"), fields.getOrDefault("id", ""), data()));
      fields.clear();
    } else {
      fields.clear();
    }
  }

  private JsonNode data() {
    try {
      return JSON.readTree(fields.get("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
  }

  @Override
  public void onComplete() {
    ended = true;
  }

  /** Whether the server ended it, or the connection broke. */
  public boolean ended() {
    return ended;
  }

  /** All so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  public List<Event> events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** The last numbers it was told; missing before. */
  public JsonNode numbers() {
    List<Event> stats = events("stats");
    return stats.isEmpty() ? JSON.missingNode() : stats.get(stats.size() - 1).data();
  }

  /** The id of the last event; empty before. */
  public String lastId() {
    return events.isEmpty() ? "" : events.get(events.size() - 1).id();
  }

  public List<String> comments() {
    return List.copyOf(comments);
  }

  public ResponseInfo head() {
    return head.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    Flow.Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
    response.cancel(true);
  }
}
