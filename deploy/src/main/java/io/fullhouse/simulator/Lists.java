package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;

/** Answers the paged operations, and fails the pages that a fault names. */
final class Lists {
  private final Faults faults;

  Lists(Faults faults) {
    this.faults = faults;
  }

  <T extends Resource> ObjectNode answer(
      Input input,
      Operation operation,
      String member,
      ResourceTable<T> table,
      Function<T, ObjectNode> summary) {
    PageRequest request = PageRequest.read(input, operation);
    faults
        .takePage(operation, request.number())
        .ifPresent(
            fault -> {
              throw new Refusal(fault.error(Protocol.IVS));
            });
    ResourceTable.Page<T> page = table.page(request);
    ObjectNode answer = Json.object();
    ArrayNode shown = answer.putArray(member);
    page.resources().forEach(resource -> shown.add(summary.apply(resource)));
    page.nextToken().ifPresent(token -> answer.put("nextToken", token));
    return answer;
  }
}
