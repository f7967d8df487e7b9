package io.fullhouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TiedProcessTest {
  private static final Duration BOUND = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();

  @Test
  void hands_over_output_environment_and_exit_code() {
    try (TiedProcess process =
        start(Map.of("GREETING", "two words"), "sh", "-c", "echo $GREETING; echo oh >&2; exit 7")) {
      assertThat(process.waitForExit(BOUND)).isTrue();
      assertThat(process.exitCode()).isEqualTo(7);
      assertThat(output).containsExactly("two words", "oh");
    }
  }

  @Test
  void arguments_arrive_as_they_are() {
    try (TiedProcess process = start(Map.of(), "printf", "%s\n", "a b", "$HOME", "", "'\"")) {
      process.waitForExit(BOUND);

      assertThat(output).containsExactly("a b", "$HOME", "", "'\"");
    }
  }

  @Test
  void a_program_that_does_not_exist_ends_with_the_shells_code() {
    try (TiedProcess process = start(Map.of(), "no-such-program-here")) {
      assertThat(process.waitForExit(BOUND)).isTrue();
      assertThat(process.exitCode()).isEqualTo(127);
      assertThat(output).anyMatch(line -> line.contains("no-such-program-here"));
    }
  }

  @Test
  void a_directory_that_does_not_exist_fails_the_start() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> TiedProcess.start(List.of("true"), Map.of(), missing, output::add))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void the_process_id_is_the_childs_own() {
    try (TiedProcess process = start(Map.of(), "sh", "-c", "echo $$; exec sleep 600")) {
      await().atMost(BOUND).until(() -> !output.isEmpty());

      assertThat(output).containsExactly(Long.toString(process.pid()));
    }
  }

  @Test
  void stop_lets_the_child_finish() {
    try (TiedProcess process =
        start(
            Map.of(),
            "sh",
            "-c",
            "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done")) {
      await().atMost(BOUND).until(() -> output.contains("up"));

      process.stop(BOUND);

      assertThat(process.isAlive()).isFalse();
      assertThat(process.exitCode()).isZero();
      assertThat(output).contains("bye");
    }
  }

  @Test
  void stop_kills_a_child_that_does_not_listen() {
    try (TiedProcess process =
        start(Map.of(), "sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.05; done")) {
      await().atMost(BOUND).until(() -> output.contains("up"));

      process.stop(Duration.ofMillis(100));

      assertThat(process.exitCode()).isEqualTo(128 + 9);
    }
  }

  @Test
  void kill_leaves_neither_shell_nor_watcher() {
    List<Long> before = children();
    TiedProcess process = start(Map.of(), "sleep", "600");
    assertThat(children()).hasSizeGreaterThan(before.size());

    process.kill();

    await().atMost(BOUND).until(() -> before.containsAll(children()));
    assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void a_suspended_child_can_be_resumed() {
    try (TiedProcess process =
        start(Map.of(), "sh", "-c", "while :; do echo tick; sleep 0.02; done")) {
      await().atMost(BOUND).until(() -> !output.isEmpty());

      process.suspend();
      await().during(Duration.ofMillis(200)).atMost(BOUND).until(this::saysNothing);
      process.resume();
      await().atMost(BOUND).until(() -> !output.isEmpty());
    }
  }

  @Test
  void a_suspended_child_can_be_killed() {
    try (TiedProcess process = start(Map.of(), "sleep", "600")) {
      process.suspend();
      process.kill();

      assertThat(process.isAlive()).isFalse();
    }
  }

  private boolean saysNothing() {
    boolean silent = output.isEmpty();
    output.clear();
    return silent;
  }

  private TiedProcess start(Map<String, String> environment, String... command) {
    return TiedProcess.start(List.of(command), environment, directory, output::add);
  }

  private static List<Long> children() {
    try (Stream<ProcessHandle> handles = ProcessHandle.current().descendants()) {
      return handles.map(ProcessHandle::pid).toList();
    }
  }
}
