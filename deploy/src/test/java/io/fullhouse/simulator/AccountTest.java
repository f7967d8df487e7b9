package io.fullhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ivsrealtime.model.IvsRealTimeException;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantToken;
import software.amazon.awssdk.services.ivsrealtime.model.PublicKey;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.StageSummary;

/** What a simulator with an account file leaves to the next one. */
class AccountTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MASTER = "Main00000001";

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("account.json");
  }

  private static TestSimulator start(Path file) {
    return new TestSimulator(
        o -> o.withoutRateLimits().withStage(MASTER, "main").withAccountFile(file));
  }

  @Test
  void a_killed_one_leaves_stages_tags_keys_limits_and_valid_tokens_but_nobody_connected()
      throws IOException {
    Path left = directory.resolve("left.json");
    try (TestSimulator killed = start(file())) {
      Stage made =
          killed.ivs().createStage(r -> r.name("first").tags(Map.of("a", "1", "b", "2"))).stage();
      String gone = killed.ivs().createStage(r -> {}).stage().arn();
      String last = killed.ivs().createStage(r -> r.name("last")).stage().arn();
      killed.ivs().deleteStage(r -> r.arn(gone));
      killed.ivs().updateStage(r -> r.arn(made.arn()).name("renamed"));
      killed.ivs().tagResource(r -> r.resourceArn(made.arn()).tags(Map.of("c", "Zoë 🎬")));
      killed.ivs().untagResource(r -> r.resourceArn(made.arn()).tagKeys("a"));
      String master = killed.simulator().stageArn(MASTER);
      killed.ivs().updateStage(r -> r.arn(master).name("show"));
      SelfSigner signer = SelfSigner.importing(killed.ivs());
      killed.ivs().tagResource(r -> r.resourceArn(signer.keyArn()).tags(Map.of("k", "v")));
      killed.steer("POST", "/limits", "{\"maxStages\":3,\"tps\":{\"ListStages\":1000}}");
      ParticipantToken token =
          killed.ivs().createParticipantToken(r -> r.stageArn(made.arn())).participantToken();
      String publisher = new Clients(killed).publisher(made.arn());
      // As it stands after the last answer: what follows, closing above all, is not in it.
      Files.copy(file(), left);
      List<StageSummary> stages = killed.ivs().listStages(r -> {}).stages();
      PublicKey key = killed.ivs().getPublicKey(r -> r.arn(signer.keyArn())).publicKey();
      JsonNode limits = killed.look("/limits");

      try (TestSimulator next = start(left)) {
        assertThat(next.ivs().listStages(r -> {}).stages())
            .map(StageSummary::arn)
            .containsExactly(master, made.arn(), last);
        Stage kept = next.ivs().getStage(r -> r.arn(made.arn())).stage();
        assertThat(kept)
            .isEqualTo(made.copy(r -> r.name("renamed").tags(Map.of("b", "2", "c", "Zoë 🎬"))));
        assertThat(next.ivs().listStages(r -> {}).stages())
            .isEqualTo(stages.stream().map(it -> it.copy(r -> r.activeSessionId(""))).toList());
        assertThat(next.ivs().getPublicKey(r -> r.arn(signer.keyArn())).publicKey()).isEqualTo(key);
        assertThat(next.look("/limits")).isEqualTo(limits);
        assertThatThrownBy(() -> next.ivs().createStage(r -> {}))
            .isInstanceOf(IvsRealTimeException.class)
            .hasMessageContaining("402");

        Clients clients = new Clients(next);
        JsonNode shown = next.look("/stages?stage=" + made.arn()).at("/stages/0");
        assertThat(shown.get("createdAt").asText()).isEqualTo(killed.now().toString());
        assertThat(shown.get("connected").asInt()).isZero();
        assertThat(Clients.code(clients.tryAct("unpublish", made.arn(), publisher)))
            .startsWith("404");
        assertThat(clients.connect(token.token()).get("participantId").asText())
            .isEqualTo(token.participantId());
        clients.connect(signer.sign(SelfSigner.claims(kept, "self", next.now())));
        next.pass(Duration.ofHours(12));
        assertThat(Clients.code(clients.tryConnect(token.token()))).isEqualTo("400 TOKEN_EXPIRED");
      }
    }
  }

  @Test
  void each_answer_comes_after_the_file_also_when_many_change_it_at_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TestSimulator sim = start(file())) {
      Callable<Boolean> changes =
          () -> {
            boolean always = true;
            for (int i = 0; i < 15; i++) {
              String arn = sim.ivs().createStage(r -> {}).stage().arn();
              always &= Files.readString(file()).contains(arn);
              sim.ivs().deleteStage(r -> r.arn(arn));
              always &= !Files.readString(file()).contains(arn);
            }
            return always;
          };
      for (Future<Boolean> always : threads.invokeAll(List.of(changes, changes, changes))) {
        assertThat(always.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void the_file_is_its_owner_s_alone_and_what_a_kill_left_beside_it_does_not_matter()
      throws IOException {
    Files.writeString(directory.resolve("account.json.next"), "{\"half");
    start(file()).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    String first = Files.readString(file());

    start(file()).close();

    assertThat(Files.readString(file())).isEqualTo(first);
    assertThat(directory).isDirectoryContaining("glob:**account.json");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void while_it_cannot_be_written_nothing_is_answered_and_nothing_is_lost() throws IOException {
    try (TestSimulator sim = start(file())) {
      Files.delete(file());
      Files.createDirectory(file());
      assertThat(sim.ivs().listStages(r -> {}).stages()).hasSize(1);
      assertThatThrownBy(() -> sim.ivs().createStage(r -> r.name("unsure")))
          .isInstanceOf(IvsRealTimeException.class)
          .hasMessageContaining("500");
      assertThatThrownBy(() -> sim.ivs().listStages(r -> {}))
          .isInstanceOf(IvsRealTimeException.class)
          .hasMessageContaining("500");

      Files.delete(file());

      assertThat(sim.ivs().listStages(r -> {}).stages()).hasSize(2);
      assertThat(file()).content().contains("unsure");
    }
  }

  static List<Consumer<ObjectNode>> damages() {
    return List.of(
        account -> account.put("version", 2),
        account -> account.put("more", 1),
        account -> account.remove("secret"),
        account -> account.put("secret", "c2hvcnQ="),
        account -> account.put("secret", "*"),
        account -> account.remove("stages"),
        account -> account.putObject("stages"),
        account -> account.withArray("stages").add(account.at("/stages/0").deepCopy()),
        account -> stage(account).put("arn", "arn:aws:ivs:eu-west-1:123456789012:stage/a"),
        account -> stage(account).put("createdAt", "yesterday"),
        account -> stage(account).put("name", "with space"),
        account -> stage(account).remove("tags"),
        account -> account.withArray("publicKeys").addObject().put("arn", "x"),
        account -> account.put("limits", 1),
        account -> account.putObject("limits").put("maxSeats", 1));
  }

  private static ObjectNode stage(ObjectNode account) {
    return account.withObject("/stages/0");
  }

  @ParameterizedTest
  @MethodSource("damages")
  void a_damaged_one_stops_the_start_and_stays_as_it_is(Consumer<ObjectNode> damage)
      throws IOException {
    start(file()).close();
    ObjectNode account = (ObjectNode) JSON.readTree(Files.readString(file()));
    damage.accept(account);
    assertRefused(account.toString());
  }

  @Test
  void what_is_no_json_stops_the_start_without_being_shown() throws IOException {
    start(file()).close();
    String whole = Files.readString(file());
    for (String text : List.of("", "null", "hunter2", whole + "}", whole.substring(0, 40))) {
      assertRefused(text);
    }
    Files.delete(file());
    Files.createDirectory(file());
    assertThatThrownBy(() -> start(file()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(file() + " cannot be used and stays as it is");
  }

  private void assertRefused(String text) throws IOException {
    Files.writeString(file(), text);
    assertThatThrownBy(() -> start(file()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(file() + " cannot be used and stays as it is")
        .hasMessageNotContainingAny("\n", "hunter2");
    assertThat(file()).hasContent(text);
    assertThat(directory).isDirectoryNotContaining("glob:**.next");
  }
}
