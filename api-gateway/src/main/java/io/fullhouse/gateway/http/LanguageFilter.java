package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Language;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts what is in the envelope into the language of the request, and says which one that is. Files
 * are in none. The last of the filters: what others say of {@code Vary} is kept.
 */
@Priority(0)
public final class LanguageFilter implements ContainerResponseFilter {
  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Object answer = response.getEntity();
    List<String> accepted =
        Objects.requireNonNullElse(
            request.getHeaders().get(HttpHeaders.ACCEPT_LANGUAGE), List.of());
    Language language = Language.of(accepted);
    if (answer instanceof Refusal refusal) {
      response.setEntity(refusal.in(language));
    } else if (!(answer instanceof Envelope.Success)) {
      return;
    }
    response.getHeaders().putSingle(HttpHeaders.CONTENT_LANGUAGE, language.tag());
    vary(response.getHeaders());
  }

  private static void vary(MultivaluedMap<String, Object> headers) {
    List<Object> others = Objects.requireNonNullElse(headers.get(HttpHeaders.VARY), List.of());
    headers.putSingle(
        HttpHeaders.VARY,
        Stream.concat(others.stream(), Stream.of(HttpHeaders.ACCEPT_LANGUAGE))
            .map(String::valueOf)
            .collect(Collectors.joining(", ")));
  }
}
