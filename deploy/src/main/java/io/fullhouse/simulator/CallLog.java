package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The calls received, the last {@value #KEPT} of them in full and all of them as totals.
 * Thread-safe. A call stands here before its answer leaves.
 */
final class CallLog {
  static final int KEPT = 10_000;

  /** Whoever calls names the operation: of names that are none, only so many have totals. */
  static final int MAX_TOTALS = 200;

  private static final String OTHERS = "others";

  /** Longer bodies are cut: ten thousand of a quarter megabyte would fill the heap. */
  private static final int KEPT_BODY_BYTES = 8_192;

  /**
   * One call.
   *
   * @param number counts up from 1
   * @param status answered, or that would have been when the answer was lost; empty when it hangs
   */
  record Entry(long number, Call call, OptionalInt status, Optional<Fault.Kind> fault) {

    ObjectNode toJson() {
      ObjectNode json = Json.object();
      json.put("n", number).put("op", call.name()).put("at", call.at().toString());
      status.ifPresent(value -> json.put("status", value));
      fault.ifPresent(kind -> json.put("fault", kind.wireName()));
      json.put("accessKey", call.accessKey()).put("requestId", call.requestId());
      json.put("invocationId", call.invocationId()).put("attempt", call.attempt());
      if (!call.resourceArn().isEmpty()) {
        json.put("resourceArn", call.resourceArn());
      }
      json.set("body", call.body().shown());
      return json;
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Map<String, Map<String, Long>> totals = new TreeMap<>();
  private long received;

  synchronized void add(Call call, OptionalInt status, Optional<Fault.Kind> fault) {
    received++;
    if (entries.size() == KEPT) {
      entries.removeFirst();
    }
    Call kept = call.withBody(call.body().cutTo(KEPT_BODY_BYTES));
    entries.addLast(new Entry(received, kept, status, fault));
    String outcome = status.isPresent() ? Integer.toString(status.getAsInt()) : "none";
    totals.computeIfAbsent(totalOf(call), name -> new TreeMap<>()).merge(outcome, 1L, Long::sum);
  }

  private String totalOf(Call call) {
    boolean own =
        call.operation().isPresent()
            || totals.containsKey(call.name())
            || totals.size() < MAX_TOTALS;
    return own ? call.name() : OTHERS;
  }

  /** The totals of every operation by status, and the kept calls that are asked for. */
  synchronized ObjectNode toJson(Predicate<Entry> wanted) {
    ObjectNode json = Json.object();
    ObjectNode sums = json.putObject("totals");
    totals.forEach(
        (op, byStatus) -> {
          ObjectNode counts = sums.putObject(op);
          byStatus.forEach(counts::put);
        });
    ArrayNode calls = json.putArray("calls");
    entries.stream().filter(wanted).forEach(entry -> calls.add(entry.toJson()));
    return json;
  }
}
