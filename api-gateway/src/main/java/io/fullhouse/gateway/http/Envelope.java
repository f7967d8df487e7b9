package io.fullhouse.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shape of every answer. */
public final class Envelope {
  private Envelope() {}

  @JsonPropertyOrder({"success", "data", "timestamp"})
  record Success(boolean success, Object data, String timestamp) {}

  @JsonPropertyOrder({"success", "error", "timestamp"})
  record Failure(boolean success, Problem error, String timestamp) {}

  @JsonInclude(Include.NON_NULL)
  @JsonPropertyOrder({"code", "message", "details"})
  record Problem(String code, String message, @Nullable Map<String, Object> details) {}

  /** 200 with {@code data}. */
  public static Response ok(Object data, Instant now) {
    return of(200, data, now);
  }

  /** Another status of success, with {@code data}. */
  public static Response of(int status, Object data, Instant now) {
    return Response.status(status)
        .entity(new Success(true, data, Timestamps.of(now)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
