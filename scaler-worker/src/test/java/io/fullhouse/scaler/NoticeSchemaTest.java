package io.fullhouse.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.EntryId;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.Notice.Capacity;
import io.fullhouse.scaler.NoticeBus.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README promises of each notice is what is sent. */
final class NoticeSchemaTest {
  private static final StageMetadata STAGE =
      new StageMetadata(
          "n", Loads.arn(1), true, Loads.NOW, StageMetadata.ACTIVE, 50, Optional.empty());
  private static final Capacity CAPACITY = new Capacity(1, 2, 50, 1);

  static List<Notice> notices() {
    return List.of(
        new Notice.StageOpened(STAGE, ""),
        new Notice.StageDraining(STAGE),
        new Notice.StageClosed(STAGE, true),
        new Notice.PublisherWentLive(1),
        new Notice.PublisherWentOffline(),
        new Notice.CapacityRanShort(CAPACITY, 2, "r"),
        new Notice.CapacityExhausted(CAPACITY, StageCeiling.Limit.MAX_STAGES),
        new Notice.CapacityRecovered(CAPACITY),
        new Notice.ScalingHeld(ScalingDecision.Reason.OPERATOR_HOLD),
        new Notice.ScalingResumed(),
        new Notice.DriftFound(1, 2, 3, 2),
        new Notice.DriftEnded(1));
  }

  @Test
  void there_is_an_example_of_each() {
    assertThat(notices().stream().map(Notice::getClass).collect(Collectors.toSet()))
        .isEqualTo(types(Notice.class).collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> types(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(NoticeSchemaTest::types)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("notices")
  void the_readme_names_its_members(Notice notice) throws IOException {
    String row =
        Files.readString(Path.of("README.md"))
            .lines()
            .filter(line -> line.startsWith("| " + notice.type() + " |"))
            .findFirst()
            .orElse("");
    List<String> promised =
        Pattern.compile("`([a-zA-Z]+)`")
            .matcher(row.substring(row.lastIndexOf('|', row.length() - 2) + 1))
            .results()
            .map(MatchResult::group)
            .map(name -> name.replace("`", ""))
            .toList();

    assertThat(members(notice)).containsExactlyInAnyOrderElementsOf(promised);
  }

  /** Without `broadcast`, which all have. */
  private static List<String> members(Notice notice) throws IOException {
    Map<String, String> fields =
        Map.of("notice", notice.toJson(), "taken", notice.stage().isPresent() ? "1" : "");
    Event event =
        NoticeEnvelope.of(
                new BroadcastId("main"), new NoticeStream.Entry(new EntryId(1, 0), fields))
            .orElseThrow();
    assertThat(event.resource()).isEqualTo(notice.stage().map(stage -> stage.value()));
    JsonNode data = new ObjectMapper().readTree(event.detail()).path("data");
    List<String> names = new ArrayList<>();
    data.fieldNames().forEachRemaining(names::add);
    assertThat(names.remove("broadcast")).isTrue();
    return names;
  }
}
