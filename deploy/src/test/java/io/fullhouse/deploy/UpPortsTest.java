package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class UpPortsTest {
  @Test
  void defaults_are_those_of_the_contract() {
    UpPorts ports = UpPorts.from(options(), Map.of());

    assertThat(ports.http()).isEqualTo(3000);
    assertThat(ports.gatewayAdmin()).isEqualTo(3001);
    assertThat(ports.counterAdmins()).containsExactly(3011);
    assertThat(ports.scalerAdmin()).isEqualTo(3021);
    assertThat(ports.simulator()).isEqualTo(3090);
  }

  @Test
  void no_two_services_get_the_same_admin_port() {
    UpPorts ports = UpPorts.from(options("--counters", "10"), Map.of("ADMIN_PORT", "4001"));

    assertThat(ports.gatewayAdmin()).isEqualTo(4001);
    assertThat(ports.counterAdmins()).hasSize(10).doesNotHaveDuplicates().contains(4011, 4020);
    assertThat(ports.scalerAdmin()).isEqualTo(4021);
  }

  @Test
  void zero_finds_free_ports() {
    UpPorts ports =
        UpPorts.from(
            options("--counters", "2"),
            Map.of("HTTP_PORT", "0", "ADMIN_PORT", "0", "SIMULATOR_PORT", "0"));

    assertThat(List.of(ports.http(), ports.gatewayAdmin(), ports.scalerAdmin(), ports.simulator()))
        .allMatch(port -> port >= 20_000);
    assertThat(ports.counterAdmins()).hasSize(2).allMatch(port -> port >= 20_000);
  }

  @Test
  void what_is_no_port_is_named() {
    assertThatThrownBy(() -> UpPorts.from(options(), Map.of("HTTP_PORT", "http")))
        .hasMessage("HTTP_PORT is a port, 0 to 65535, not 'http'");
    assertThatThrownBy(() -> UpPorts.from(options(), Map.of("SIMULATOR_PORT", "65536")))
        .hasMessageContaining("SIMULATOR_PORT");
    assertThatThrownBy(() -> UpPorts.from(options("--redis-port", "-1"), Map.of()))
        .hasMessageContaining("--redis-port");
    assertThatThrownBy(() -> UpPorts.from(options("--counters", "11"), Map.of()))
        .hasMessageContaining("--counters is 1 to 10");
    assertThatThrownBy(() -> UpPorts.from(options(), Map.of("ADMIN_PORT", "65530")))
        .hasMessageContaining("ADMIN_PORT");
  }

  @Test
  void a_taken_port_is_named_with_its_setting() throws IOException {
    int http = FreePort.find();
    try (ServerSocket other = new ServerSocket(http, 1, InetAddress.getLoopbackAddress())) {
      UpPorts ports = free(other.getLocalPort(), FreePort.find());

      assertThatThrownBy(() -> ports.check(true))
          .isInstanceOf(UpException.class)
          .hasMessage(
              "port %d is taken by another program: set HTTP_PORT, the port of the gateway, to"
                      .formatted(http)
                  + " another one");
    }
  }

  @Test
  void a_port_given_twice_is_named() {
    int port = FreePort.find();

    assertThatThrownBy(() -> free(port, port).check(true))
        .hasMessage(
            "port %d is asked for twice, also by SIMULATOR_PORT for the simulator".formatted(port));
  }

  private static UpPorts free(int http, int simulator) {
    return new UpPorts(
        http,
        FreePort.find(),
        List.of(FreePort.find()),
        FreePort.find(),
        simulator,
        FreePort.find());
  }

  private static UpOptions options(String... arguments) {
    CommandLine commandLine = new CommandLine(UpOptions.class);
    commandLine.parseArgs(arguments);
    return commandLine.getCommand();
  }
}
