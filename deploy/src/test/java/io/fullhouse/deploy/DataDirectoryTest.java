package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void the_next_run_signs_seats_with_the_same_secret() throws IOException {
    String secrets;
    try (DataDirectory first = DataDirectory.open(parent.resolve("data"))) {
      secrets = first.seatSecrets();
    }
    try (DataDirectory second = DataDirectory.open(parent.resolve("data"))) {
      assertThat(second.seatSecrets()).isEqualTo(secrets).matches("dev:[0-9a-f]{64}");
    }
    Path file = parent.resolve("data/seat-secrets");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void two_runs_never_share_one() {
    try (DataDirectory first = DataDirectory.open(parent)) {
      assertThatThrownBy(() -> DataDirectory.open(parent))
          .isInstanceOf(UpException.class)
          .hasMessage(first.redis().getParent() + " is in use by another run");
    }
  }

  @Test
  void what_cannot_be_written_is_named() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
        .isInstanceOf(UpException.class)
        .hasMessageStartingWith("cannot keep data in " + file);
  }

  @Test
  void without_one_every_run_has_its_own_secret() {
    assertThat(DataDirectory.randomSeatSecrets()).isNotEqualTo(DataDirectory.randomSeatSecrets());
  }
}
