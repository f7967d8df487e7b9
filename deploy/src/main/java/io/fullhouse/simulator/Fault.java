package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Something that goes wrong on demand.
 *
 * @param operation empty for all of them
 * @param status of the error; empty for the usual one of the type
 * @param type of the error; empty for the usual one of the status
 * @param probability that it strikes a call it fits (for {@code partial} PutEvents: an entry)
 * @param delay put before the answer, or before the connection is dropped
 * @param page of a list that fails, for {@code partial}
 */
record Fault(
    Optional<Operation> operation,
    Kind kind,
    OptionalInt status,
    Optional<String> type,
    double probability,
    Duration delay,
    int page) {

  /** What goes wrong. */
  enum Kind {
    /** Refused with a status and a type; nothing is done. */
    ERROR("error"),
    /** Refused as when the rate is exceeded; nothing is done. */
    THROTTLE("throttle"),
    /** Accepted and never answered; nothing is done. */
    HANG("hang"),
    /** The work is done, then the connection is dropped instead of an answer. */
    LOST_ANSWER("lost-answer"),
    /** The work is done at once, the answer comes late. */
    SLOW("slow"),
    /** One page of a list fails, or some entries of PutEvents. */
    PARTIAL("partial");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }

    static Optional<Kind> named(String wireName) {
      return Arrays.stream(values()).filter(kind -> kind.wireName.equals(wireName)).findFirst();
    }
  }

  private static final String ALL = "*";
  private static final Set<String> MEMBERS =
      Set.of("op", "kind", "status", "type", "times", "probability", "delayMillis", "page");

  /** Nobody waits longer in a test. */
  private static final int MAX_DELAY_MILLIS = 600_000;

  private static final int SECOND_PAGE = 2;
  private static final int DEFAULT_STATUS = 500;

  /**
   * @throws Refusal ValidationException, with what is wrong
   */
  static Fault read(Input input) {
    input.knowing(MEMBERS);
    Optional<Operation> operation = readOperation(input.required("op", TextRule.ANY));
    String kindName = input.required("kind", TextRule.ANY);
    Kind kind =
        Kind.named(kindName)
            .orElseThrow(
                () -> mistake("kind '" + kindName + "' is not known; known are " + kinds()));
    OptionalInt delayMillis = input.integer("delayMillis", 0, MAX_DELAY_MILLIS);
    if (kind == Kind.SLOW && delayMillis.orElse(0) == 0) {
      throw mistake("a slow answer needs delayMillis");
    }
    if (kind == Kind.PARTIAL && operation.isPresent() && !canBePartial(operation.get())) {
      throw mistake(operation.get().wireName() + " is all or nothing: it has no partial failure");
    }
    return new Fault(
        operation,
        kind,
        input.integer("status", 400, 599),
        input.text("type", TextRule.ANY),
        input.number("probability", 0, 1).orElse(1),
        Duration.ofMillis(delayMillis.orElse(0)),
        input.integer("page", 1, Integer.MAX_VALUE).orElse(SECOND_PAGE));
  }

  private static Optional<Operation> readOperation(String name) {
    if (name.equals(ALL)) {
      return Optional.empty();
    }
    return Optional.of(
        Operation.named(name)
            .orElseThrow(() -> mistake("op '" + name + "' is not known (use * for all)")));
  }

  private static boolean canBePartial(Operation operation) {
    return operation.isPaged() || operation == Operation.PUT_EVENTS;
  }

  private static String kinds() {
    return Arrays.stream(Kind.values()).map(Kind::wireName).toList().toString();
  }

  private static Refusal mistake(String message) {
    return new Refusal(AwsError.validation(message));
  }

  /** Whether the fault is meant for calls like this one. */
  boolean fits(Optional<Operation> called) {
    return operation.isEmpty() || operation.equals(called);
  }

  /** The error it stands for; a type that AWS does not document keeps its name. */
  AwsError error(Protocol protocol) {
    if (kind == Kind.THROTTLE) {
      return AwsError.throttled();
    }
    int actualStatus =
        status.orElseGet(() -> type.flatMap(AwsError::statusOf).orElse(DEFAULT_STATUS));
    String actualType =
        type.or(
                () ->
                    actualStatus == DEFAULT_STATUS
                        ? Optional.empty()
                        : AwsError.typeOf(actualStatus))
            .orElseGet(protocol::internalErrorType);
    return new AwsError(actualType, actualStatus, "a fault that was asked for");
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("op", operation.map(Operation::wireName).orElse(ALL)).put("kind", kind.wireName());
    status.ifPresent(value -> json.put("status", value));
    type.ifPresent(value -> json.put("type", value));
    json.put("probability", probability).put("delayMillis", delay.toMillis());
    if (kind == Kind.PARTIAL) {
      json.put("page", page);
    }
    return json;
  }
}
