package io.fullhouse.gateway.http;

import io.fullhouse.model.AdmissionId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names one request in the answer, the logs and the event: the caller's own, else a new one. */
public final class RequestId {
  /** The header, asked and answered; also the request attribute that holds the id. */
  public static final String NAME = "X-Request-Id";

  static final String MDC_NAME = "rid";

  private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /** The id that {@link RequestIdFilter} gave this request. */
  public static String of(HttpServletRequest request) {
    return String.valueOf(request.getAttribute(NAME));
  }

  static String choose(@Nullable String given) {
    return Optional.ofNullable(given)
        .filter(text -> FORMAT.matcher(text).matches())
        .orElseGet(() -> AdmissionId.random().value());
  }
}
