package io.fullhouse.gateway.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;

/** Gives each request its id before anything else sees it: even a refusal carries it. */
public final class RequestIdFilter extends HttpFilter {
  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String id = RequestId.choose(request.getHeader(RequestId.NAME));
    request.setAttribute(RequestId.NAME, id);
    response.setHeader(RequestId.NAME, id);
    MDC.put(RequestId.MDC_NAME, id);
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(RequestId.MDC_NAME);
    }
  }
}
