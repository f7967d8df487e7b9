package io.fullhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fullhouse.testing.RedisExecutable.Source;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisExecutableTest {
  private static final String REDIS_6 = "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5";
  private static final String REDIS_7 = "Redis server v=7.4.2 sha=00000000:0 malloc=jemalloc-5";
  private static final String VALKEY_8 = "Valkey server v=8.1.0 sha=00000000:0 malloc=jemalloc-5";

  @TempDir Path directory;

  @Test
  void the_configured_program_comes_before_the_path() throws IOException {
    Path configured = program("mine/redis-server", REDIS_7);
    Path other = program("bin/valkey-server", VALKEY_8);

    RedisExecutable found = RedisExecutable.find(configured.toString(), parent(other));

    assertThat(found)
        .isEqualTo(new RedisExecutable(configured, Source.CONFIGURED, "redis-server", "7.4.2"));
  }

  @Test
  void a_configured_program_that_does_not_fit_is_an_error() throws IOException {
    Path old = program("mine/redis-server", REDIS_6);

    assertThatThrownBy(() -> RedisExecutable.find(old.toString(), ""))
        .hasMessageContaining("REDIS_SERVER=" + old);
    assertThatThrownBy(() -> RedisExecutable.find(directory.resolve("none").toString(), ""))
        .hasMessageContaining("version 7 or newer");
  }

  @Test
  void the_path_is_searched_past_old_and_broken_programs() throws IOException {
    Path old = program("old/redis-server", REDIS_6);
    Path broken = program("broken/redis-server", "");
    Path valkey = program("bin/valkey-server", VALKEY_8);
    String path =
        String.join(
            File.pathSeparator, parent(old), parent(broken), "/no/such/place", parent(valkey));

    RedisExecutable found = RedisExecutable.find(null, path);

    assertThat(found).isEqualTo(new RedisExecutable(valkey, Source.PATH, "valkey-server", "8.1.0"));
  }

  @Test
  void the_bundled_program_is_the_last_resort() {
    RedisExecutable found = RedisExecutable.find("", directory.toString());

    assertThat(found.source()).isEqualTo(Source.BUNDLED);
    assertThat(found.describe()).isEqualTo("redis-server 7.0.15 (bundled)");
    assertThat(found.path()).isExecutable();
  }

  private static String parent(Path program) {
    return String.valueOf(program.getParent());
  }

  /** A program that answers {@code --version}, and fails when it is given nothing to say. */
  private Path program(String name, String version) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(Path.of(parent(file)));
    String script = "#!/bin/sh\n" + (version.isEmpty() ? "exit 1\n" : "echo '" + version + "'\n");
    Files.writeString(file, script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
