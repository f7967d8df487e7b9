package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.simulator.NodeProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The JavaScript client's rules, by a clock that the test moves and a gateway it plays itself. */
class ViewerClientTest {
  private static final Path CLIENT =
      ServiceProcess.HOME.resolve(
          "api-gateway/src/main/resources/io/fullhouse/gateway/web/fullhouse.js");

  @Test
  void the_client_keeps_its_rules() throws IOException, InterruptedException {
    NodeProgram.Result result =
        NodeProgram.find(Path.of("target"))
            .node(
                Path.of("src/test/javascript"),
                Map.of("CLIENT", CLIENT.toString()),
                Duration.ofSeconds(60),
                "client.test.mjs");

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).containsPattern("pass [1-9]");
  }
}
