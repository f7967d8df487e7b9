package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers the paged operations, and fails the pages that a fault names. */
final class Lists {
  private final Faults faults;

  Lists(Faults faults) {
    this.faults = faults;
  }

  /** A page of a table. */
  <T extends Resource> ObjectNode answer(
      Input input,
      Operation operation,
      String member,
      ResourceTable<T> table,
      Function<T, ObjectNode> summary) {
    PageRequest request = PageRequest.read(input, operation, "");
    return answer(request, member, () -> Optional.of(table.page(request)), summary);
  }

  /**
   * A page of anything.
   *
   * @param page empty when there is nothing that could be listed
   */
  <T> ObjectNode answer(
      PageRequest request,
      String member,
      Supplier<Optional<Page<T>>> page,
      Function<T, ObjectNode> summary) {
    faults
        .takePage(request.operation(), request.number())
        .ifPresent(
            fault -> {
              throw new Refusal(fault.error(Protocol.IVS));
            });
    Page<T> found = page.get().orElseGet(Page::empty);
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray(member);
    found.items().forEach(item -> shown.add(summary.apply(item)));
    found.nextToken().ifPresent(token -> answer.put("nextToken", token));
    return answer;
  }
}
