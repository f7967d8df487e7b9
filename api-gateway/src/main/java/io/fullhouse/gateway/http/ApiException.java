package io.fullhouse.gateway.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal that the contract knows: becomes its status and envelope in {@link ErrorMapper}. */
public final class ApiException extends RuntimeException {
  private final ErrorCode code;
  private final Map<String, Object> details;
  private final @Nullable RetryAfter retryAfter;

  private ApiException(
      ErrorCode code,
      String message,
      Map<String, Object> details,
      @Nullable RetryAfter retryAfter) {
    super(message, null, false, false); // expected: nobody reads its stack trace
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  public static ApiException of(ErrorCode code, String message) {
    return new ApiException(code, message, Map.of(), null);
  }

  /** With {@code details.reason}. */
  public static ApiException of(ErrorCode code, String reason, String message) {
    return new ApiException(code, message, Map.of("reason", reason), null);
  }

  /** With {@code details.reason} and a time to come back. */
  public static ApiException retry(
      ErrorCode code, String reason, String message, RetryAfter retryAfter) {
    return new ApiException(code, message, Map.of("reason", reason), retryAfter);
  }

  /** With details of its own. */
  public static ApiException with(ErrorCode code, String message, Map<String, Object> details) {
    return new ApiException(code, message, details, null);
  }

  /** With details of its own, and a time to come back where the contract wants one. */
  public static ApiException with(
      ErrorCode code, String message, Map<String, Object> details, RetryAfter retryAfter) {
    return new ApiException(code, message, details, code.status() == 503 ? retryAfter : null);
  }

  /** The key is good, but not for this. */
  public static ApiException missingScope(String scope) {
    return new ApiException(
        ErrorCode.FORBIDDEN,
        "This API key lacks the scope '" + scope + "'",
        Map.of("scope", scope),
        null);
  }

  /** Redis or IVS is away or busy. */
  public static ApiException unavailable(String message) {
    return new ApiException(ErrorCode.SERVICE_UNAVAILABLE, message, Map.of(), RetryAfter.SHORTLY);
  }

  /**
   * Asked too often.
   *
   * @param limit which one, for {@code details.limit}
   */
  public static ApiException tooMany(String limit, RetryAfter retryAfter) {
    return new ApiException(
        ErrorCode.TOO_MANY_REQUESTS,
        "Too many requests: come back later",
        Map.of("limit", limit),
        retryAfter);
  }

  /** What a status means that the server decided on by itself. */
  static ApiException ofStatus(int status) {
    ErrorCode code = ErrorCode.ofStatus(status);
    String message = describe(status);
    return switch (code) {
      case VALIDATION_ERROR -> invalid("request", message);
      case TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE ->
          new ApiException(code, message, Map.of(), RetryAfter.SHORTLY);
      default -> of(code, message);
    };
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

  /** Fields that are not there, and fields that say why they are wrong. */
  public static ApiException invalid(List<String> missing, Map<String, String> invalid) {
    List<String> sentences = new ArrayList<>();
    if (!missing.isEmpty()) {
      sentences.add("Missing: " + String.join(", ", missing));
    }
    invalid.forEach((field, why) -> sentences.add("Invalid " + field + ": " + why));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("missingFields", List.copyOf(missing));
    details.put("invalidFields", List.copyOf(invalid.keySet()));
    return new ApiException(
        ErrorCode.VALIDATION_ERROR, String.join(". ", sentences), details, null);
  }

  /** One field that is wrong. */
  public static ApiException invalid(String field, String why) {
    return invalid(List.of(), Map.of(field, why));
  }

  public ErrorCode code() {
    return code;
  }

  public Map<String, Object> details() {
    return details;
  }

  Optional<RetryAfter> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
