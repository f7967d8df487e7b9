package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceTest {
  @TempDir Path directory;

  @Test
  void a_service_that_dies_says_so_and_what_it_wrote_last() throws Exception {
    Queue<String> output = new ConcurrentLinkedQueue<>();
    Service service =
        Service.start(
            spec("i=1; while [ $i -le 30 ]; do echo $i; i=$((i+1)); done; exit 3"),
            directory,
            output::add);

    assertThat(service.death().get(20, TimeUnit.SECONDS))
        .isEqualTo("gateway ended with exit code 3");
    service.stop();
    assertThat(output).hasSize(30);
    assertThat(service.tail()).hasSize(20).startsWith("11").endsWith("30");
  }

  @Test
  void output_can_go_to_a_file() throws Exception {
    Path logs = directory.resolve("logs");
    ServiceLogs toFiles = new ServiceLogs(new Console(System.out), Optional.of(logs));
    Service service = Service.start(spec("echo hello"), directory, toFiles.of("gateway"));

    assertThat(service.death().get(20, TimeUnit.SECONDS)).contains("exit code 0");
    service.stop();
    assertThat(Files.readString(logs.resolve("gateway.log"))).isEqualTo("hello\n");
  }

  private static ServiceSpec spec(String script) {
    return new ServiceSpec("gateway", List.of("sh", "-c", script), Map.of(), Duration.ofSeconds(5));
  }
}
