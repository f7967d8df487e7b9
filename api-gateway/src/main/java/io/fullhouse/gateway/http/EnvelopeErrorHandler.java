package io.fullhouse.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.gateway.language.Language;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The envelope for what Jetty itself refuses, before any resource is reached: an unreadable request
 * line, headers that are too large, a path that cannot be decoded. Thread-safe.
 */
public final class EnvelopeErrorHandler implements Request.Handler {
  /** What Jetty says when it cannot tell where a request ends. */
  private static final Set<Integer> UNREADABLE = Set.of(400, 414, 431, 505);

  private static final byte[] NOTHING = {};

  private final ErrorMapper errors;
  private final ObjectMapper json;

  public EnvelopeErrorHandler(ErrorMapper errors, ObjectMapper json) {
    this.errors = errors;
    this.json = json;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Refusal refusal = errors.refusal(response.getStatus());
    refusal.headers().forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Language language = Language.of(request.getHeaders().getValuesList(HttpHeader.ACCEPT_LANGUAGE));
    response.getHeaders().put(HttpHeader.CONTENT_LANGUAGE, language.tag());
    response.getHeaders().put(HttpHeader.VARY, HttpHeader.ACCEPT_LANGUAGE.asString());
    SecurityHeaders.ALWAYS.forEach(response.getHeaders()::put);
    if (response.getStatus() == 405 && !response.getHeaders().contains(HttpHeader.ALLOW)) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, POST, OPTIONS");
    }
    if (UNREADABLE.contains(response.getStatus())) {
      // Jetty ends the connection, and does not always say so: the next request on it would be
      // lost.
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    }
    if (!response.getHeaders().contains(RequestId.NAME)) {
      String asked = request.getHeaders().get(RequestId.NAME);
      response.getHeaders().put(RequestId.NAME, RequestId.choose(asked));
    }
    byte[] body = body(refusal.in(language));
    if (HttpMethod.HEAD.is(request.getMethod())) { // what it could not read, Jetty does not cut off
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      body = NOTHING;
    }
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private byte[] body(Envelope.Failure refusal) {
    try {
      return json.writeValueAsBytes(refusal);
    } catch (JsonProcessingException e) {
      return "{\"success\":false}".getBytes(StandardCharsets.UTF_8);
    }
  }
}
