package io.fullhouse.gateway.ivs;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ivsrealtime.model.AccessDeniedException;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.InternalServerException;
import software.amazon.awssdk.services.ivsrealtime.model.PendingVerificationException;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.ivsrealtime.model.ValidationException;

/** What IVS said, for the log. */
final class IvsErrors {
  private IvsErrors() {}

  static String describe(Throwable failure) {
    String said = exceptionMessage(failure);
    String text = said == null ? String.valueOf(failure.getMessage()) : said;
    String request =
        failure instanceof AwsServiceException e ? " (AWS request " + e.requestId() + ")" : "";
    return failure.getClass().getSimpleName() + ": " + text + request;
  }

  /**
   * IVS calls the member {@code exceptionMessage}: where only that is sent, {@code getMessage()}
   * holds nothing but the status.
   */
  private static @Nullable String exceptionMessage(Throwable failure) {
    if (failure instanceof AccessDeniedException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ConflictException e) {
      return e.exceptionMessage();
    } else if (failure instanceof InternalServerException e) {
      return e.exceptionMessage();
    } else if (failure instanceof PendingVerificationException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ResourceNotFoundException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ServiceQuotaExceededException e) {
      return e.exceptionMessage();
    } else if (failure instanceof ValidationException e) {
      return e.exceptionMessage();
    }
    return null;
  }
}
