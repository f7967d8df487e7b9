package io.fullhouse.gateway.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes in what a refused client is still sending, up to a bound: a connection that is closed on
 * unread bytes is reset, and the client would never read why it was refused.
 */
public final class BodyDrainFilter implements ContainerResponseFilter {
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    try {
      if (response.getStatus() >= 400 && request.hasEntity()) {
        drain(request.getEntityStream());
      }
    } catch (IOException | RuntimeException e) {
      // It stopped sending, sent what is no HTTP, or is gone: nothing is left to take in. The
      // refusal stands; to fail here would put another one in its place.
    }
  }

  private static void drain(InputStream body) throws IOException {
    byte[] buffer = new byte[8192];
    long total = 0;
    int read = 0;
    while (read >= 0 && total < MAX_BYTES) {
      total += read;
      read = body.read(buffer);
    }
  }
}
