package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Phrase;
import io.lettuce.core.RedisException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every exception becomes a status and an envelope here and nowhere else. Thread-safe.
 *
 * <p>Nothing of an unexpected exception reaches the client: its text may hold what is secret.
 */
public final class ErrorMapper implements ExceptionMapper<Throwable> {
  private static final Logger log = LoggerFactory.getLogger(ErrorMapper.class);

  private static final Duration LOG_EVERY = Duration.ofSeconds(5);

  private final InstantSource time;
  private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - LOG_EVERY.toNanos());

  public ErrorMapper(InstantSource time) {
    this.time = time;
  }

  @Override
  public Response toResponse(Throwable thrown) {
    return unwrap(thrown) instanceof WebApplicationException e
        ? ofJersey(e.getResponse())
        : response(refusal(thrown));
  }

  private Refusal refusal(Throwable thrown) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof ApiException e) {
      return refusal(e.code().status(), e);
    }
    if (failure instanceof HttpException e) {
      return refusal(e.getCode()); // Jetty, about a body that is no HTTP
    }
    if (isRedis(failure)) {
      logRarely(failure);
      return refusal(503, ApiException.unavailable(Phrase.REDIS_AWAY));
    }
    log.error("Request failed", failure);
    return refusal(500);
  }

  /** What is told when the server decided on a status before any resource was reached. */
  Refusal refusal(int status) {
    return refusal(status, ApiException.ofStatus(status));
  }

  private Response ofJersey(Response given) {
    if (given.getStatus() < 400) {
      return given;
    }
    Response answer = response(refusal(given.getStatus()));
    Object allow = given.getHeaders().getFirst(HttpHeaders.ALLOW);
    if (allow != null) {
      answer.getHeaders().putSingle(HttpHeaders.ALLOW, allow);
    }
    return answer;
  }

  private static Response response(Refusal refusal) {
    Response.ResponseBuilder answer =
        Response.status(refusal.status()).type(MediaType.APPLICATION_JSON_TYPE).entity(refusal);
    refusal.headers().forEach(answer::header);
    return answer.build();
  }

  private Refusal refusal(int status, ApiException e) {
    Map<String, Object> details = new LinkedHashMap<>(e.details());
    Map<String, String> headers = new LinkedHashMap<>();
    e.retryAfter()
        .map(RetryAfter::pick)
        .ifPresent(
            seconds -> {
              details.put("retryAfterSeconds", seconds);
              headers.put(HttpHeaders.RETRY_AFTER, seconds.toString());
            });
    if (status == 401) {
      headers.put(HttpHeaders.WWW_AUTHENTICATE, "Bearer"); // RFC 9110, section 15.5.2
    }
    return new Refusal(status, headers, e.code(), e.message(), details, time.instant());
  }

  /** While Redis is away every request fails: one line every few seconds tells as much. */
  private void logRarely(Throwable failure) {
    long now = System.nanoTime();
    long last = lastLogged.get();
    if (now - last > LOG_EVERY.toNanos() && lastLogged.compareAndSet(last, now)) {
      log.warn("Redis does not do its part: {}", failure.toString());
    }
  }

  /** Refused, away, silent, or our own connection is being closed. */
  private static boolean isRedis(Throwable failure) {
    return failure instanceof RedisException
        || failure instanceof TimeoutException
        || failure instanceof CancellationException;
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof CompletionException || failure instanceof ExecutionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure;
  }
}
