package io.fullhouse.gateway.limit;

import io.fullhouse.gateway.auth.KeyGuard;
import io.fullhouse.gateway.auth.Needs;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;

/** Limits every route that is read with an API key. Thread-safe. */
public final class ReadLimit implements DynamicFeature {
  private final RequestLimits limits;

  public ReadLimit(RequestLimits limits) {
    this.limits = limits;
  }

  @Override
  public void configure(ResourceInfo resource, FeatureContext context) {
    if (resource.getResourceMethod().isAnnotationPresent(Needs.class)
        && resource.getResourceMethod().isAnnotationPresent(GET.class)) {
      ContainerRequestFilter filter =
          request -> KeyGuard.callerOf(request).ifPresent(key -> limits.read(key, request));
      context.register(filter, KeyGuard.PRIORITY + 1);
    }
  }
}
