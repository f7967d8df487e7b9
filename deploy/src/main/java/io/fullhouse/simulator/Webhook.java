package io.fullhouse.simulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Calls webhooks as an EventBridge API destination does: its headers, five seconds, one event a
 * request (EventBridge user guide, "API destinations"). Only {@code Connection: close} is missing.
 * Thread-safe.
 */
final class Webhook {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,9}");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Never completes with an exception: no answer is a reply too. */
  CompletableFuture<WebhookReply> send(Delivery delivery) {
    Destination to = delivery.destination();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to.url())
            .timeout(TIMEOUT)
            .header("User-Agent", "Amazon/EventBridge/ApiDestinations")
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Range", "bytes=0-1048575")
            .header("Accept-Encoding", "gzip,deflate")
            .POST(BodyPublishers.ofString(Json.write(delivery.event())));
    if (!to.apiKey().isEmpty()) {
      request.header(to.header(), to.apiKey());
    }
    return http.sendAsync(request.build(), BodyHandlers.discarding())
        .thenApply(Webhook::reply)
        .exceptionally(failure -> WebhookReply.NONE);
  }

  private static WebhookReply reply(HttpResponse<?> response) {
    Optional<Duration> retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    return new WebhookReply(response.statusCode(), retryAfter);
  }
}
