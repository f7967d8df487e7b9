package io.fullhouse.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One call as received, before anything about it is checked.
 *
 * @param protocol how it is to be answered
 * @param name what it asks for, known or not
 * @param operation empty when there is no such operation here
 * @param resourceArn from the path of the tag operations, else empty
 * @param tagKeys from the query of UntagResource, else empty
 * @param accessKey of the signature, empty when unsigned
 * @param invocationId {@code amz-sdk-invocation-id}: the same over the SDK's own retries
 * @param attempt {@code amz-sdk-request}, such as {@code attempt=1; max=4}
 */
record Call(
    Protocol protocol,
    String name,
    Optional<Operation> operation,
    Body body,
    String resourceArn,
    List<String> tagKeys,
    String accessKey,
    String invocationId,
    String attempt,
    String requestId,
    Instant at) {

  Input input() {
    return body.input();
  }

  Call withBody(Body newBody) {
    return new Call(
        protocol,
        name,
        operation,
        newBody,
        resourceArn,
        tagKeys,
        accessKey,
        invocationId,
        attempt,
        requestId,
        at);
  }
}
