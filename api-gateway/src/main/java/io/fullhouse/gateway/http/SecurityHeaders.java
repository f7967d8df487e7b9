package io.fullhouse.gateway.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What browsers are told about every answer: it is data, nobody's page, script or frame. A page of
 * ours says otherwise of itself; what a resource sets goes before this.
 */
public final class SecurityHeaders extends HttpFilter {
  static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "X-Frame-Options", "DENY",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin");

  private static final long serialVersionUID = 1L;

  /** Of the viewer client, which the pages of all origins load. */
  private static final String CLIENT = "/fullhouse.js";

  private static final String A_YEAR = "max-age=31536000";

  private final transient Predicate<HttpServletRequest> secure;

  /**
   * @param secure whether the client speaks TLS: only then may it be told to do so from now on
   */
  public SecurityHeaders(Predicate<HttpServletRequest> secure) {
    this.secure = secure;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ALWAYS.forEach(response::setHeader);
    if (CLIENT.equals(request.getRequestURI())) {
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    }
    if (secure.test(request)) {
      response.setHeader("Strict-Transport-Security", A_YEAR);
    }
    chain.doFilter(request, response);
  }
}
