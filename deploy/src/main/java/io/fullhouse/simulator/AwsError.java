package io.fullhouse.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An error as AWS words it.
 *
 * @param type the wire name, such as {@code ValidationException}
 * @param status the HTTP status
 */
record AwsError(String type, int status, String message) {
  /**
   * The errors that the IVS Real-Time API model declares, with their statuses. Their text is in
   * {@code exceptionMessage}; that of all others, which come from the layer in front, in {@code
   * message}.
   */
  private static final Map<String, Integer> MODELLED = modelled();

  private static final Map<String, Integer> OTHERS =
      Map.of(
          "ThrottlingException", 429,
          "UnknownOperationException", 404,
          "SerializationException", 400,
          "ServiceUnavailableException", 503);

  private static Map<String, Integer> modelled() {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    statuses.put("ValidationException", 400);
    statuses.put("ServiceQuotaExceededException", 402);
    statuses.put("AccessDeniedException", 403);
    // The only one without "Exception" at its end.
    statuses.put("PendingVerification", 403);
    statuses.put("ResourceNotFoundException", 404);
    statuses.put("ConflictException", 409);
    statuses.put("InternalServerException", 500);
    return statuses;
  }

  boolean isModelled() {
    return MODELLED.containsKey(type);
  }

  static AwsError validation(String message) {
    return of("ValidationException", message);
  }

  static AwsError notFound(String message) {
    return of("ResourceNotFoundException", message);
  }

  static AwsError quota(String message) {
    return of("ServiceQuotaExceededException", message);
  }

  static AwsError conflict(String message) {
    return of("ConflictException", message);
  }

  /** Status and name of a throttled IVS call are not documented; every AWS SDK knows this pair. */
  static AwsError throttled() {
    return of("ThrottlingException", "Rate exceeded");
  }

  static AwsError unknownOperation(String name) {
    return of("UnknownOperationException", "Unknown operation: " + name);
  }

  /** JSON that cannot be read, or a member of the wrong JSON type. */
  static AwsError serialization(String message) {
    return of("SerializationException", message);
  }

  /**
   * @param status one of those the API model declares
   */
  static AwsError withStatus(int status, String message) {
    return of(typeOf(status).orElseThrow(), message);
  }

  private static AwsError of(String type, String message) {
    return new AwsError(type, statusOf(type).orElseThrow(), message);
  }

  /** The status that goes with a type, for the types AWS documents. */
  static Optional<Integer> statusOf(String type) {
    return Optional.ofNullable(MODELLED.getOrDefault(type, OTHERS.get(type)));
  }

  /** The usual type for a status. */
  static Optional<String> typeOf(int status) {
    return MODELLED.entrySet().stream()
        .filter(entry -> entry.getValue() == status)
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> status == 429 ? Optional.of("ThrottlingException") : Optional.empty())
        .or(() -> status == 503 ? Optional.of("ServiceUnavailableException") : Optional.empty());
  }
}
