package io.fullhouse.gateway.limit;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Tells a client what is left of its limit, refused or not. */
public final class QuotaHeaders implements ContainerResponseFilter {
  private static final String ATTRIBUTE = QuotaHeaders.class.getName();

  /**
   * To be called while the request is read; what is set later, from any thread, is answered.
   *
   * @param request sets an attribute of it
   */
  static AtomicReference<Quota> prepare(BiConsumer<String, Object> request) {
    AtomicReference<Quota> noted = new AtomicReference<>();
    request.accept(ATTRIBUTE, noted);
    return noted;
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    tell(request, response.getHeaders());
  }

  /** For an answer that no filter sees. */
  public static void tell(ContainerRequestContext request, MultivaluedMap<String, Object> headers) {
    if (request.getProperty(ATTRIBUTE) instanceof AtomicReference<?> noted
        && noted.get() instanceof Quota quota) {
      headers.putSingle("RateLimit-Limit", quota.limit());
      headers.putSingle("RateLimit-Remaining", quota.remaining());
      headers.putSingle("RateLimit-Reset", quota.pauseSeconds()); // seconds until one more may come
    }
  }
}
