package io.fullhouse.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class RotatingTest {
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Rotating.class);

  @TempDir private Path directory;

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stop_listening() {
    logger.detachAppender(logged);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static Rotating<ApiKeys> keys(Path file) {
    return Rotating.file(
        "API_KEYS_FILE",
        file,
        ApiKeys::parse,
        keys -> "keys of " + String.join(", ", keys.names()));
  }

  private List<String> said() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void a_file_has_one_entry_a_line_or_several_by_commas() throws IOException {
    Path file = write("keys", "# ours\na:one\r\n\n  b:two:stats , c:three\n");

    assertThat(keys(file).get().names()).containsExactly("a", "b", "c");
  }

  @Test
  void a_changed_file_is_taken_when_it_is_the_same_at_two_looks() throws IOException {
    Path file = write("keys", "a:one");
    Rotating<ApiKeys> keys = keys(file);

    write("keys", "a:one,b:tw"); // somebody is still writing
    keys.look();
    write("keys", "a:one,b:two");
    keys.look();
    assertThat(keys.get().find("two")).isEmpty();
    assertThat(keys.get().find("tw")).isEmpty();
    keys.look();
    assertThat(keys.get().find("two")).isPresent();
    assertThat(said())
        .singleElement()
        .asString()
        .endsWith("is taken: keys of a, b")
        .doesNotContain("two");
    keys.look();
    assertThat(said()).hasSize(1);
  }

  @Test
  void a_file_that_is_wrong_is_told_of_once_and_changes_nothing() throws IOException {
    Path file = write("keys", "a:one");
    Rotating<ApiKeys> keys = keys(file);

    for (String wrong : List.of("hunter2", "", "a:hunter2:hunter3")) {
      logged.list.clear();
      write("keys", wrong);
      keys.look();
      keys.look();
      keys.look();
      assertThat(keys.get().find("one")).isPresent();
      assertThat(said())
          .singleElement()
          .asString()
          .contains("is not taken")
          .doesNotContain("hunter");
    }
    logged.list.clear();
    Files.delete(file);
    keys.look();
    keys.look();
    assertThat(said()).singleElement().asString().contains("does not exist");
    assertThat(keys.get().find("one")).isPresent();
    write("keys", "a:new");
    keys.look();
    keys.look();
    assertThat(keys.get().find("new")).isPresent();
    assertThat(keys.get().find("one")).isEmpty();
  }

  @Test
  void links_that_are_swapped_as_kubernetes_does_are_followed() throws IOException {
    Files.createDirectory(directory.resolve("v1"));
    Files.createDirectory(directory.resolve("v2"));
    write("v1/keys", "a:one");
    write("v2/keys", "a:two");
    Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("v1"));
    Path file = Files.createSymbolicLink(directory.resolve("keys"), Path.of("..data", "keys"));
    Rotating<ApiKeys> keys = keys(file);

    Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("v2"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    keys.look();
    keys.look();

    assertThat(keys.get().find("two")).isPresent();
    assertThat(keys.get().find("one")).isEmpty();
  }

  @Test
  void a_file_that_cannot_be_read_at_the_start_stops_it() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys(directory.resolve("none")))
        .withMessageMatching("API_KEYS_FILE .*none does not exist");
    Path wrong = write("wrong", "hunter2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys(wrong))
        .withMessageContaining("API_KEYS must look like")
        .withMessageNotContaining("hunter");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 'a'});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys(binary))
        .withMessageContaining("is not UTF-8");
  }
}
