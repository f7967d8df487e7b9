package io.fullhouse.gateway.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/**
 * Takes in what a refused client is still sending, up to a bound: a connection that is closed on
 * unread bytes is reset, and the client would never read why it was refused. Thread-safe.
 */
public final class BodyDrainFilter implements ContainerResponseFilter {
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  /** Clients that are waited for at once: they may be slow, and each holds a thread. */
  private static final int MAX_CLIENTS = 8;

  private final Semaphore patience = new Semaphore(MAX_CLIENTS);

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getStatus() < 400 || !patience.tryAcquire()) {
      return;
    }
    try {
      if (request.hasEntity()) {
        drain(request.getEntityStream());
      }
    } catch (IOException | RuntimeException e) {
      // It stopped sending, sent what is no HTTP, or is gone: nothing is left to take in. The
      // refusal stands; to fail here would put another one in its place.
    } finally {
      patience.release();
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
