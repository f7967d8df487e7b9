package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one operation does. */
@FunctionalInterface
interface Work {
  /**
   * Carries the operation out.
   *
   * @return the body of the answer; the empty object when the operation answers nothing
   * @throws Refusal when the call is refused; it then had no effect
   */
  ObjectNode carryOut(Call call);
}
