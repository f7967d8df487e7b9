package io.fullhouse.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long every test waits that does not say it. Awaitility's own ten seconds are less than a busy
 * machine may take to start a gateway; a test that succeeds never waits longer than it has to.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration USUAL = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(USUAL);
  }
}
