package io.fullhouse.testing;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * Redis in a container. Apart from {@link TestRedis}, so that without Testcontainers on the class
 * path everything else still loads.
 *
 * <p>The property {@code test.redis.image} names another image, {@code test.redis.network=host}
 * runs it on the host's network, where an engine has no bridge.
 */
final class RedisContainer implements TestRedis.Server {
  private static final int REDIS_PORT = 6379;

  private final GenericContainer<?> container;
  private final String uri;
  private final String image;

  private RedisContainer(GenericContainer<?> container, String uri, String image) {
    this.container = container;
    this.uri = uri;
    this.image = image;
  }

  /** Whether there is a container engine; Testcontainers remembers the answer. */
  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static RedisContainer start() {
    String image = System.getProperty("test.redis.image", "redis:7.2-alpine");
    boolean onHost = System.getProperty("test.redis.network", "bridge").equals("host");
    int port = onHost ? FreePort.find() : REDIS_PORT;
    GenericContainer<?> container =
        new GenericContainer<>(image)
            .withCommand("redis-server", "--port", Integer.toString(port), "--save", "")
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
    if (onHost) {
      container.withNetworkMode("host");
    } else {
      container.withExposedPorts(port);
    }
    container.start();
    String uri =
        "redis://"
            + container.getHost()
            + ":"
            + (onHost ? port : container.getMappedPort(port).intValue());
    return new RedisContainer(container, uri, image);
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public String describe() {
    return "a container of " + image + " at " + uri;
  }

  @Override
  public void close() {
    container.stop();
  }
}
