package io.fullhouse.gateway.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which web pages may call us. Thread-safe.
 *
 * <p>Any page may use a seat: it is sent as a bearer, never as a cookie, so a foreign page has
 * nothing to steal; so is a ticket. Routes that take an API key are for servers, unless origins are
 * configured.
 */
@PreMatching
public final class CorsFilter implements ContainerRequestFilter, ContainerResponseFilter {
  /** Routes that accept a seat. */
  private static final Set<String> SEAT_ROUTES =
      Set.of("api/viewer/heartbeat", "api/viewer/leave", "api/viewer/rejoin", "api/ticket");

  /** Takes a ticket, in the query. */
  private static final String TICKET_ROUTE = "api/stats/stream";

  private static final Pattern TICKET = Pattern.compile("(^|&)ticket=");

  private static final String ORIGIN = "Origin";
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  private final Set<String> origins;

  /**
   * Knows the pages.
   *
   * @param origins that may use an API key from a page; {@code *} for any
   */
  public CorsFilter(Set<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    boolean preflight =
        request.getMethod().equals("OPTIONS")
            && request.getHeaderString("Access-Control-Request-Method") != null;
    if (preflight && allowedOrigin(request).isPresent()) {
      request.abortWith(Response.noContent().build());
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getMethod().equals("OPTIONS") && response.getStatus() == 200) {
      response.setEntity(null); // Jersey lists the methods as text: the Allow header says it all
      response.setStatus(204);
    }
    if (response.getHeaders().containsKey(ALLOW_ORIGIN)) {
      return; // the viewer client is everybody's
    }
    tell(request, response.getHeaders());
  }

  /** For an answer that no filter sees. */
  public void tell(ContainerRequestContext request, MultivaluedMap<String, Object> headers) {
    if (!isOpen(request) && !origins.isEmpty() && !origins.contains("*")) {
      headers.add(HttpHeaders.VARY, ORIGIN);
    }
    allowedOrigin(request).ifPresent(origin -> allow(request, headers, origin));
  }

  private static void allow(
      ContainerRequestContext request, MultivaluedMap<String, Object> headers, String origin) {
    headers.putSingle(ALLOW_ORIGIN, origin);
    headers.putSingle(
        "Access-Control-Expose-Headers",
        "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id");
    if (request.getMethod().equals("OPTIONS")) {
      headers.putSingle(
          "Access-Control-Allow-Methods", isSeatRoute(request) ? "POST" : "GET, POST, PUT, DELETE");
      headers.putSingle(
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, X-Request-Id"
              + (isOpen(request) ? "" : ", X-API-Key")
              + (isSeatRoute(request) ? "" : ", Last-Event-ID"));
      headers.putSingle("Access-Control-Max-Age", 7200); // seconds; Chromium takes no more
    }
  }

  private Optional<String> allowedOrigin(ContainerRequestContext request) {
    String origin = request.getHeaderString(ORIGIN);
    if (origin == null) {
      return Optional.empty();
    }
    if (isOpen(request) || origins.contains("*")) {
      return Optional.of("*");
    }
    return origins.contains(origin) ? Optional.of(origin) : Optional.empty();
  }

  private static boolean isOpen(ContainerRequestContext request) {
    String query = request.getUriInfo().getRequestUri().getRawQuery();
    return isSeatRoute(request)
        || (request.getUriInfo().getPath().equals(TICKET_ROUTE)
            && query != null
            && TICKET.matcher(query).find());
  }

  private static boolean isSeatRoute(ContainerRequestContext request) {
    return SEAT_ROUTES.contains(request.getUriInfo().getPath());
  }
}
