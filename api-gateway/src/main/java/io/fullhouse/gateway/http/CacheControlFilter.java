package io.fullhouse.gateway.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * Nothing may be stored but statistics and what says so of itself: the other answers hold tokens
 * and seats.
 */
public final class CacheControlFilter implements ContainerResponseFilter {
  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    boolean cacheable =
        request.getUriInfo().getPath().startsWith("api/stats")
            || response.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL);
    if (!cacheable || response.getStatus() >= 400) {
      response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}
