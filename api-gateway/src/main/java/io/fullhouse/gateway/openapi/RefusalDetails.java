package io.fullhouse.gateway.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.fullhouse.gateway.http.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code details} of the refusals, for the document: {@code ApiException} makes them. */
final class RefusalDetails {
  private RefusalDetails() {}

  /** Empty for a code that never has any. */
  static Optional<Class<? extends Record>> of(ErrorCode code) {
    return switch (code) {
      case VALIDATION_ERROR -> Optional.of(ValidationDetails.class);
      case UNAUTHORIZED -> Optional.of(UnauthorizedDetails.class);
      case FORBIDDEN -> Optional.of(ForbiddenDetails.class);
      case NOT_FOUND -> Optional.of(NotFoundDetails.class);
      case TOO_MANY_REQUESTS -> Optional.of(TooManyRequestsDetails.class);
      case STAGE_FULL -> Optional.of(StageFullDetails.class);
      case STAGE_LIMIT_REACHED -> Optional.of(StageLimitDetails.class);
      case SERVICE_UNAVAILABLE -> Optional.of(UnavailableDetails.class);
      case METHOD_NOT_ALLOWED,
          PAYLOAD_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          INTERNAL_ERROR,
          TOKEN_GENERATION_FAILED ->
          Optional.empty();
    };
  }

  /**
   * @param viewerCount instead of the fields, when a stage that has viewers was to be deleted
   */
  @JsonInclude(Include.NON_NULL)
  record ValidationDetails(
      @Nullable List<String> missingFields,
      @Nullable List<String> invalidFields,
      @Nullable Long viewerCount) {}

  @JsonInclude(Include.NON_NULL)
  record UnauthorizedDetails(@Nullable String reason) {}

  @JsonInclude(Include.NON_NULL)
  record ForbiddenDetails(
      @Nullable String scope, @Nullable String reason, @Nullable String until) {}

  @JsonInclude(Include.NON_NULL)
  record NotFoundDetails(@Nullable String reason, @Nullable Integer retryAfterSeconds) {}

  record TooManyRequestsDetails(String limit, int retryAfterSeconds) {}

  record StageFullDetails(String reason, int retryAfterSeconds) {}

  @JsonInclude(Include.NON_NULL)
  record StageLimitDetails(@Nullable String reason, int retryAfterSeconds) {}

  /**
   * @param commandId of a command that the scaler did not answer in time
   * @param begun whether it will still be carried out
   */
  @JsonInclude(Include.NON_NULL)
  record UnavailableDetails(
      @Nullable String reason,
      @Nullable String commandId,
      @Nullable Boolean begun,
      int retryAfterSeconds) {}
}
