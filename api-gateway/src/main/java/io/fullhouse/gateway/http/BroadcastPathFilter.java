package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.BroadcastId;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.net.URI;

/**
 * Serves {@code /api/b/{broadcast}/…} as {@code /api/…}: whoever speaks of several broadcasts names
 * each, and one that is not this gateway's is not found. Before all filters that look at the path.
 */
@PreMatching
@Priority(0)
public final class BroadcastPathFilter implements ContainerRequestFilter {
  private static final String API = "/api/";
  private static final String NAMED = "/api/b/";

  private final String own;

  public BroadcastPathFilter(BroadcastId broadcast) {
    this.own = NAMED + broadcast.value() + "/";
  }

  @Override
  public void filter(ContainerRequestContext request) {
    URI asked = request.getUriInfo().getRequestUri();
    String path = asked.getRawPath();
    if (path.startsWith(own)) {
      request.setRequestUri(URI.create(asked.toString().replaceFirst(own, API)));
    } else if (path.startsWith(NAMED)) {
      throw ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_BROADCAST);
    }
  }
}
