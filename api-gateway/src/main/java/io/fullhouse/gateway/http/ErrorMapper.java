package io.fullhouse.gateway.http;

import io.lettuce.core.RedisException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every exception becomes a status and an envelope here and nowhere else. Thread-safe.
 *
 * <p>Nothing of an unexpected exception reaches the client: its text may hold what is secret.
 */
public final class ErrorMapper implements ExceptionMapper<Throwable> {
  private static final Logger log = LoggerFactory.getLogger(ErrorMapper.class);

  private final InstantSource time;

  public ErrorMapper(InstantSource time) {
    this.time = time;
  }

  @Override
  public Response toResponse(Throwable thrown) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof ApiException e) {
      return response(e.code().status(), e);
    }
    if (failure instanceof WebApplicationException e) {
      return ofJersey(e);
    }
    if (isRedis(failure)) {
      log.warn("Redis did not do its part: {}", failure.toString());
      return response(503, ApiException.unavailable("Redis is not reachable"));
    }
    log.error("Request failed", failure);
    return response(
        500, ApiException.of(ErrorCode.INTERNAL_ERROR, "Something went wrong on our side"));
  }

  /** The envelope for a status that the server decided on before any resource was reached. */
  Envelope.Failure ofStatus(int status) {
    ErrorCode code = ErrorCode.ofStatus(status);
    ApiException e =
        code == ErrorCode.VALIDATION_ERROR
            ? ApiException.invalid("request", describe(status))
            : ApiException.of(code, describe(status));
    return envelope(e, new LinkedHashMap<>(e.details()));
  }

  private Response ofJersey(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    Response.ResponseBuilder answer =
        Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(ofStatus(status));
    Object allow = e.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
    return allow == null ? answer.build() : answer.header(HttpHeaders.ALLOW, allow).build();
  }

  private Response response(int status, ApiException e) {
    Map<String, Object> details = new LinkedHashMap<>(e.details());
    Response.ResponseBuilder answer = Response.status(status).type(MediaType.APPLICATION_JSON_TYPE);
    e.retryAfter()
        .map(RetryAfter::pick)
        .ifPresent(
            seconds -> {
              details.put("retryAfterSeconds", seconds);
              answer.header(HttpHeaders.RETRY_AFTER, seconds);
            });
    return answer.entity(envelope(e, details)).build();
  }

  private Envelope.Failure envelope(ApiException e, Map<String, Object> details) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    return Envelope.failure(e.code(), message, details, time.instant());
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

  private static String describe(int status) {
    return switch (status) {
      case 404 -> "No such route";
      case 405 -> "This method is not allowed here";
      case 406 -> "Only application/json is spoken here";
      case 413 -> "The body is too large";
      case 415 -> "The body must be application/json";
      case 431 -> "The request's headers are too large";
      case 503 -> "Try again shortly";
      default -> status < 500 ? "The request cannot be read" : "Something went wrong on our side";
    };
  }
}
