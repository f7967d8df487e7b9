package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * PutEvents of EventBridge: takes entries for any bus and keeps the last {@value #KEPT}.
 * Thread-safe.
 */
final class EventBus {
  static final int KEPT = 10_000;

  /** EventBridge API reference, PutEvents. */
  private static final int MAX_ENTRIES = 10;

  /**
   * For all entries of a call together: what the API reference still says and every Region takes.
   * In January 2026 most Regions went to 1 MB.
   */
  private static final int MAX_BYTES = 256 * 1024;

  private final Faults faults;
  private final Deque<ObjectNode> received = new ArrayDeque<>();

  EventBus(Faults faults) {
    this.faults = faults;
  }

  Map<Operation, Work> works() {
    return Map.of(Operation.PUT_EVENTS, this::put);
  }

  private ObjectNode put(Call call) {
    List<EventEntry> entries =
        call.input().objects("Entries", MAX_ENTRIES).stream().map(EventEntry::read).toList();
    if (entries.isEmpty()) {
      throw Input.invalid("Entries", "must have at least 1 element");
    }
    if (entries.stream().mapToInt(EventEntry::sizeBytes).sum() > MAX_BYTES) {
      throw Input.invalid("Entries", "must have a total size of at most " + MAX_BYTES + " bytes");
    }
    if (entries.stream().allMatch(EventEntry::lacksMember)) {
      throw Input.invalid("Entries", "must have Source, DetailType and Detail");
    }
    return putEach(call, entries);
  }

  private ObjectNode putEach(Call call, List<EventEntry> entries) {
    Optional<Fault> fault = faults.takeEntries();
    ArrayNode results = Json.array();
    int failed = 0;
    for (int i = 0; i < entries.size(); i++) {
      Optional<EventEntry.Failure> failure = failure(entries.get(i), i, fault);
      if (failure.isPresent()) {
        failed++;
        results.add(failed(failure.get()));
      } else {
        results.add(Json.object().put("EventId", take(call, entries.get(i))));
      }
    }
    ObjectNode answer = Json.object().put("FailedEntryCount", failed);
    answer.set("Entries", results);
    return answer;
  }

  private Optional<EventEntry.Failure> failure(EventEntry entry, int index, Optional<Fault> fault) {
    return entry
        .failure()
        .or(
            () ->
                fault
                    .filter(it -> faults.strikesEntry(it, index))
                    .map(it -> it.type().orElse("InternalFailure"))
                    .map(code -> new EventEntry.Failure(code, "a fault that was asked for")));
  }

  private static ObjectNode failed(EventEntry.Failure failure) {
    return Json.object().put("ErrorCode", failure.code()).put("ErrorMessage", failure.message());
  }

  private String take(Call call, EventEntry entry) {
    String eventId = UUID.randomUUID().toString();
    ObjectNode event = entry.toJson(eventId, call.at());
    synchronized (received) {
      if (received.size() == KEPT) {
        received.removeFirst();
      }
      received.addLast(event);
    }
    return eventId;
  }

  /** The entries taken, oldest first. */
  ObjectNode toJson() {
    ObjectNode json = Json.object();
    synchronized (received) {
      json.putArray("events").addAll(received);
    }
    return json;
  }
}
