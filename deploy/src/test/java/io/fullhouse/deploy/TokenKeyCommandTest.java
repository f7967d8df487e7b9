package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.GatewayApplication;
import io.fullhouse.simulator.IvsSimulator;
import io.fullhouse.simulator.SimulatorOptions;
import io.fullhouse.testing.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as it is typed, against the simulated IVS. */
final class TokenKeyCommandTest {
  @TempDir private Path directory;

  private final IvsSimulator ivs = IvsSimulator.start(SimulatorOptions.defaults());
  private final String endpoint = ivs.uri().toString();

  private record Run(int status, List<String> out, List<String> errors) {
    String setting(String name) {
      return out.stream()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElse("");
    }
  }

  private Run tokenKey(String... arguments) throws IOException, InterruptedException {
    ServiceArchives.make();
    List<String> command = JavaCommand.of(GatewayApplication.class, "token-key");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ENDPOINT_URL_IVS_REALTIME", endpoint,
                "AWS_ACCESS_KEY_ID", "simulator",
                "AWS_SECRET_ACCESS_KEY", "simulator"));
    Path out = directory.resolve("out");
    Path errors = directory.resolve("errors");
    Process process = builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readAllLines(out), Files.readAllLines(errors));
  }

  @AfterEach
  void close() {
    ivs.close();
  }

  @Test
  void a_key_is_made_imported_listed_and_deleted() throws Exception {
    Path file = directory.resolve("token-key.pem");

    Run created = tokenKey("create", "--out", file.toString(), "--name", "first");
    assertThat(created.errors()).isEmpty();
    assertThat(created.status()).isZero();
    assertThat(created.setting("TOKEN_MODE")).isEqualTo("self-signed");
    assertThat(created.setting("TOKEN_PRIVATE_KEY_FILE")).isEqualTo(file.toString());
    String arn = created.setting("TOKEN_KEY_ARN");
    assertThat(arn).startsWith("arn:aws:ivs:us-east-1:123456789012:public-key/");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String secret = Files.readString(file);

    Run again = tokenKey("create", "--out", file.toString());
    assertThat(again.status()).isNotZero();
    assertThat(again.errors()).singleElement().asString().contains("exists and stays as it is");
    assertThat(Files.readString(file)).isEqualTo(secret);

    Run imported = tokenKey("import", "--key", file.toString());
    assertThat(imported.setting("TOKEN_KEY_ARN")).isEqualTo(arn);

    assertThat(tokenKey("list").out())
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith(arn).endsWith("first"))
        .asString()
        .contains(created.out().get(0).replaceFirst(".*fingerprint ", ""));

    assertThat(tokenKey("delete", "--arn", arn).status()).isZero();
    assertThat(tokenKey("list").out()).isEmpty();
  }

  @Test
  void what_ivs_refuses_is_told_in_one_line_and_the_key_is_kept() throws Exception {
    ivs.close();
    Path file = directory.resolve("token-key.pem");

    Run refused = tokenKey("create", "--out", file.toString());

    assertThat(refused.status()).isNotZero();
    assertThat(refused.errors())
        .singleElement()
        .asString()
        .startsWith("token-key: IVS: ")
        .contains("token-key import --key " + file);
    assertThat(file).exists();
  }

  @Test
  void what_is_typed_wrong_is_told_and_help_says_what_there_is() throws Exception {
    Path file = Files.writeString(directory.resolve("no-key"), "hunter2");

    Run wrongFile = tokenKey("import", "--key", file.toString());
    assertThat(wrongFile.status()).isNotZero();
    assertThat(wrongFile.errors())
        .containsExactly("token-key: " + file + " is not a private key in PEM format");
    assertThat(tokenKey("create").status()).isNotZero();
    assertThat(tokenKey().status()).isNotZero();
    Run help = tokenKey("--help");
    assertThat(help.status()).isZero();
    assertThat(String.join("\n", help.out())).contains("create", "import", "list", "delete");
  }
}
