package io.fullhouse.gateway.http;

import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;

/**
 * Ends requests whose client left before it had its answer. Jersey 3.1 ends a request after the
 * answer's last byte and not at all when that byte cannot be written: the request would stay for
 * ever, and with it a stop would wait until it gives up.
 */
public final class UnsentAnswers implements ApplicationEventListener, RequestEventListener {
  @Override
  public void onEvent(ApplicationEvent event) {
    // Only requests matter.
  }

  @Override
  public RequestEventListener onRequest(RequestEvent event) {
    return this;
  }

  @Override
  public void onEvent(RequestEvent event) {
    ContainerResponse response = event.getContainerResponse();
    if (event.getType() == RequestEvent.Type.FINISHED && response != null && response.hasEntity()) {
      event.getContainerRequest().getResponseWriter().commit(); // nothing, where it was ended
    }
  }
}
