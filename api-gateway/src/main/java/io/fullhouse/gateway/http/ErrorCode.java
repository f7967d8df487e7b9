package io.fullhouse.gateway.http;

/** The codes of the public contract, each with its status. */
public enum ErrorCode {
  VALIDATION_ERROR(400),
  UNAUTHORIZED(401),
  FORBIDDEN(403),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  PAYLOAD_TOO_LARGE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  TOO_MANY_REQUESTS(429),
  INTERNAL_ERROR(500),
  TOKEN_GENERATION_FAILED(502),
  STAGE_FULL(503),
  STAGE_LIMIT_REACHED(503),
  SERVICE_UNAVAILABLE(503);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** The code that says best what an HTTP status means; the status itself stays as it is. */
  static ErrorCode ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHORIZED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 405 -> METHOD_NOT_ALLOWED;
      case 413 -> PAYLOAD_TOO_LARGE;
      case 415 -> UNSUPPORTED_MEDIA_TYPE;
      case 429 -> TOO_MANY_REQUESTS;
      case 502 -> TOKEN_GENERATION_FAILED;
      case 503 -> SERVICE_UNAVAILABLE;
      case 505 -> VALIDATION_ERROR; // an HTTP that nobody speaks: the sender's mistake
      default -> status < 500 ? VALIDATION_ERROR : INTERNAL_ERROR;
    };
  }
}
