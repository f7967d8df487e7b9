package io.fullhouse.gateway.http;

import io.fullhouse.gateway.language.Phrase;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/**
 * Refuses a body that says it is too large before a byte of it is read; {@link RequestBody} refuses
 * one that does not say. A charset other than UTF-8 is refused here, too.
 */
public final class BodyLimitFilter implements ContainerRequestFilter {
  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getLength() > RequestBody.MAX_BYTES) {
      throw RequestBody.tooLarge();
    }
    MediaType type = request.getMediaType();
    String charset =
        type == null ? null : Map.copyOf(type.getParameters()).get(MediaType.CHARSET_PARAMETER);
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw ApiException.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, Phrase.BODY_NOT_UTF_8);
    }
  }
}
