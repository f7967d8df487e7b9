package io.fullhouse.gateway.auth;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Phrase;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets a request pass when its API key is good for it. Thread-safe. */
public final class KeyGuard implements DynamicFeature {
  /** The header that carries the key. */
  public static final String HEADER = "X-API-Key";

  /** Of its filter: {@code Priorities.AUTHENTICATION}. */
  public static final int PRIORITY = 1000;

  private static final String CALLER = KeyGuard.class.getName();

  private final Supplier<ApiKeys> keys;

  public KeyGuard(Supplier<ApiKeys> keys) {
    this.keys = keys;
  }

  @Override
  public void configure(ResourceInfo resource, FeatureContext context) {
    Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
    if (needs != null) {
      ContainerRequestFilter filter = request -> guard(request, needs);
      context.register(filter, PRIORITY);
    }
  }

  private void guard(ContainerRequestContext request, Needs needs) {
    String key = request.getHeaderString(HEADER);
    if (key == null && needs.orTicket() && Tickets.shown(request).isPresent()) {
      return;
    }
    request.setProperty(CALLER, require(key, needs.value()).name());
  }

  /** The name of the key that let this request pass; empty where something else will. */
  public static Optional<String> callerOf(ContainerRequestContext request) {
    return Optional.ofNullable(request.getProperty(CALLER)).map(String.class::cast);
  }

  /**
   * The owner of the key.
   *
   * @param scopes any of which will do
   * @throws ApiException when there is no such key, or it lacks them
   */
  public ApiKeys.Caller require(@Nullable String key, Scope... scopes) {
    ApiKeys.Caller caller =
        keys.get()
            .find(key)
            .orElseThrow(
                () ->
                    ApiException.of(
                        ErrorCode.UNAUTHORIZED,
                        key == null ? Phrase.KEY_NEEDED : Phrase.KEY_UNKNOWN));
    if (Collections.disjoint(caller.scopes(), List.of(scopes))) {
      throw ApiException.missingScope(scopes[0].wireName());
    }
    return caller;
  }
}
