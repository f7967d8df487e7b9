package io.fullhouse.gateway;

import io.dropwizard.lifecycle.Managed;

/** What needs no start. */
record ClosedAtStop(AutoCloseable resource) implements Managed {
  @Override
  public void stop() throws Exception {
    resource.close();
  }
}
