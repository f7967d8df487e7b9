package io.fullhouse.scaler;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ivsrealtime.model.AccessDeniedException;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.InternalServerException;
import software.amazon.awssdk.services.ivsrealtime.model.PendingVerificationException;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

/**
 * What IVS wanted to say. Its errors carry their text in {@code exceptionMessage}, a member of each
 * modelled exception, while {@code getMessage()} only says "Service returned error code …".
 */
final class IvsErrors {
  private IvsErrors() {}

  /** One line: what kind of error, the status, and IVS's own words. */
  static String describe(Exception failure) {
    if (!(failure instanceof AwsServiceException service)) {
      return oneLine(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
    AwsErrorDetails details = service.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    String text = exceptionMessage(service);
    if (text == null || text.isEmpty()) {
      text = details == null ? service.getMessage() : details.errorMessage();
    }
    return oneLine(
        "%s (status %d): %s"
            .formatted(
                code == null ? service.getClass().getSimpleName() : code,
                service.statusCode(),
                text == null ? "no message" : text));
  }

  private static @Nullable String exceptionMessage(AwsServiceException failure) {
    if (failure instanceof ResourceNotFoundException e) {
      return e.exceptionMessage();
    } else if (failure instanceof AccessDeniedException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ValidationException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ServiceQuotaExceededException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ConflictException e) {
      return e.exceptionMessage();
    } else if (failure instanceof PendingVerificationException e) {
      return e.exceptionMessage();
    } else if (failure instanceof InternalServerException e) {
      return e.exceptionMessage();
    }
    return null;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").trim();
  }
}
