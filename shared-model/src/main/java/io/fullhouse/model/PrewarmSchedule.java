package io.fullhouse.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * When how many seats are to be there before anybody asks for them. Immutable and thread-safe; what
 * reads it throws {@link IllegalArgumentException} with a line for the operator.
 *
 * @param windows where several apply, the one with the most seats counts
 */
public record PrewarmSchedule(List<PrewarmWindow> windows) {
  /** Nothing is wanted beforehand. */
  public static final PrewarmSchedule NONE = new PrewarmSchedule(List.of());

  /** A year of daily shows: more is a client in a loop, and each pass reads them all. */
  private static final int MAX_WINDOWS = 400;

  /** Whatever follows the value is damage, not decoration. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  public PrewarmSchedule {
    windows = List.copyOf(windows);
    if (windows.size() > MAX_WINDOWS) {
      throw new IllegalArgumentException(
          "%d pre-warm windows are too many: at most %d".formatted(windows.size(), MAX_WINDOWS));
    }
  }

  /** Reads windows as {@link PrewarmWindow#parse} does, with commas between; blank is none. */
  public static PrewarmSchedule parse(String text) {
    return text.isBlank()
        ? NONE
        : new PrewarmSchedule(
            Arrays.stream(text.split(",", -1)).map(PrewarmWindow::parse).toList());
  }

  /** Reads {@link #toJson}: a list of {@code {"seats":300,"from":"…","until":"…"}}. */
  public static PrewarmSchedule fromJson(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a pre-warm schedule is a JSON list, not: " + text, e);
    }
    if (!json.isArray()) {
      throw new IllegalArgumentException("a pre-warm schedule is a JSON list, not: " + text);
    }
    List<PrewarmWindow> windows = new ArrayList<>();
    json.forEach(window -> windows.add(window(window)));
    return new PrewarmSchedule(windows);
  }

  public String toJson() {
    ArrayNode json = JSON.createArrayNode();
    for (PrewarmWindow window : windows) {
      ObjectNode object = json.addObject().put("seats", window.seats());
      window.from().ifPresent(time -> object.put("from", time.toString()));
      window.until().ifPresent(time -> object.put("until", time.toString()));
    }
    return json.toString();
  }

  /**
   * Seats that there must be, or that must be asked for now to be there in time; 0 when none.
   *
   * @param lead how long it takes until seats that are asked for are there
   */
  public long floorAt(Instant now, Duration lead) {
    return windows.stream()
        .filter(window -> window.appliesAt(now, lead))
        .mapToLong(PrewarmWindow::seats)
        .max()
        .orElse(0);
  }

  /** Both: what the configuration and what the operator wants. */
  public PrewarmSchedule and(PrewarmSchedule other) {
    List<PrewarmWindow> both = new ArrayList<>(windows);
    both.addAll(other.windows);
    return new PrewarmSchedule(both);
  }

  /** Without the windows that are over, so that what is stored does not grow for ever. */
  public PrewarmSchedule since(Instant now) {
    return new PrewarmSchedule(windows.stream().filter(window -> !window.isOver(now)).toList());
  }

  private static PrewarmWindow window(JsonNode json) {
    JsonNode seats = json.path("seats");
    if (!seats.isIntegralNumber() || !seats.canConvertToLong()) {
      throw new IllegalArgumentException("a pre-warm needs a whole number of seats, not: " + json);
    }
    return new PrewarmWindow(seats.asLong(), time(json, "from"), time(json, "until"));
  }

  private static Optional<Instant> time(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(value.asText()));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'%s' of a pre-warm is a time such as 2026-11-23T18:00:00Z, not: %s"
              .formatted(name, value),
          e);
    }
  }
}
