package io.fullhouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulatedAwsTest {
  @TempDir private Path directory;

  @Test
  void an_account_of_another_region_is_refused_in_words_and_kept() throws Exception {
    Path file = directory.resolve("simulator.json");
    SimulatedAws.start(0, Map.of(), Optional.of(file)).close();
    String account = Files.readString(file);

    assertThatThrownBy(
            () -> SimulatedAws.start(0, Map.of("AWS_REGION", "eu-west-1"), Optional.of(file)))
        .isInstanceOf(UpException.class)
        .hasMessageStartingWith(file + " cannot be used")
        .hasMessageContaining(
            "must begin with arn:aws:ivs:eu-west-1:123456789012:,"
                + " not be arn:aws:ivs:us-east-1:123456789012:stage/FullhouseDev");

    assertThat(file).hasContent(account);
    SimulatedAws.start(0, Map.of(), Optional.of(file)).close();
  }
}
