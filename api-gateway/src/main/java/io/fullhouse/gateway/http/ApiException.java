package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Language;
import io.fullhouse.gateway.language.Message;
import io.fullhouse.gateway.language.Phrase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refusal that the contract knows: becomes its status and envelope in {@link ErrorMapper}. */
public final class ApiException extends RuntimeException {
  private final ErrorCode code;
  private final Message message;
  private final Map<String, Object> details;
  private final @Nullable RetryAfter retryAfter;

  private ApiException(
      ErrorCode code,
      Message message,
      Map<String, Object> details,
      @Nullable RetryAfter retryAfter) {
    super(message.in(Language.ENGLISH), null, false, false); // nobody reads its stack trace
    this.code = code;
    this.message = message;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  public static ApiException of(ErrorCode code, Message message) {
    return new ApiException(code, message, Map.of(), null);
  }

  /** With {@code details.reason}. */
  public static ApiException of(ErrorCode code, String reason, Message message) {
    return new ApiException(code, message, Map.of("reason", reason), null);
  }

  /** With {@code details.reason} and a time to come back. */
  public static ApiException retry(
      ErrorCode code, String reason, Message message, RetryAfter retryAfter) {
    return new ApiException(code, message, Map.of("reason", reason), retryAfter);
  }

  /** With details of its own. */
  public static ApiException with(ErrorCode code, Message message, Map<String, Object> details) {
    return new ApiException(code, message, details, null);
  }

  /** With details of its own, and a time to come back where the contract wants one. */
  public static ApiException with(
      ErrorCode code, Message message, Map<String, Object> details, RetryAfter retryAfter) {
    return new ApiException(code, message, details, code.status() == 503 ? retryAfter : null);
  }

  /** The key is good, but not for this. */
  public static ApiException missingScope(String scope) {
    return new ApiException(
        ErrorCode.FORBIDDEN, Phrase.KEY_LACKS_SCOPE.with(scope), Map.of("scope", scope), null);
  }

  /** Redis or IVS is away or busy. */
  public static ApiException unavailable(Message message) {
    return new ApiException(ErrorCode.SERVICE_UNAVAILABLE, message, Map.of(), RetryAfter.SHORTLY);
  }

  /**
   * Asked too often.
   *
   * @param limit which one, for {@code details.limit}
   */
  public static ApiException tooMany(String limit, RetryAfter retryAfter) {
    return new ApiException(
        ErrorCode.TOO_MANY_REQUESTS, Phrase.TOO_MANY_REQUESTS, Map.of("limit", limit), retryAfter);
  }

  /** What a status means that the server decided on by itself. */
  static ApiException ofStatus(int status) {
    ErrorCode code = ErrorCode.ofStatus(status);
    Message message = describe(status);
    return switch (code) {
      case VALIDATION_ERROR -> invalid("request", message);
      case TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE ->
          new ApiException(code, message, Map.of(), RetryAfter.SHORTLY);
      default -> of(code, message);
    };
  }

  private static Message describe(int status) {
    return switch (status) {
      case 404 -> Phrase.NO_SUCH_ROUTE;
      case 405 -> Phrase.METHOD_NOT_ALLOWED;
      case 406 -> Phrase.ONLY_JSON;
      case 413 -> Phrase.BODY_TOO_LARGE;
      case 415 -> Phrase.BODY_NOT_JSON;
      case 431 -> Phrase.HEADERS_TOO_LARGE;
      case 503 -> Phrase.TRY_AGAIN_SHORTLY;
      default -> status < 500 ? Phrase.REQUEST_UNREADABLE : Phrase.OUR_MISTAKE;
    };
  }

  /** Fields that are not there, and fields that say why they are wrong. */
  public static ApiException invalid(List<String> missing, Map<String, Message> invalid) {
    List<Message> sentences = new ArrayList<>();
    if (!missing.isEmpty()) {
      sentences.add(Phrase.MISSING.with(missing));
    }
    invalid.forEach((field, why) -> sentences.add(Phrase.INVALID.with(field, why)));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("missingFields", List.copyOf(missing));
    details.put("invalidFields", List.copyOf(invalid.keySet()));
    return new ApiException(
        ErrorCode.VALIDATION_ERROR, new Message.Sentences(sentences), details, null);
  }

  /** One field that is wrong. */
  public static ApiException invalid(String field, Message why) {
    return invalid(List.of(), Map.of(field, why));
  }

  public ErrorCode code() {
    return code;
  }

  /** What is told; {@link #getMessage} has it in English. */
  public Message message() {
    return message;
  }

  public Map<String, Object> details() {
    return details;
  }

  Optional<RetryAfter> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
