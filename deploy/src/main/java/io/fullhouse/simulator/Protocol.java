package io.fullhouse.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** How results and errors are put on the wire. */
enum Protocol {
  /** IVS: REST with JSON; the type of an error is in a header. */
  IVS("application/json", "InternalServerException") {
    @Override
    Map<String, String> headers() {
      // Members of every modelled error and of the replication answers (API model).
      return Map.of(
          "Access-Control-Allow-Origin", "*",
          "Access-Control-Expose-Headers", "x-amzn-ErrorType,x-amzn-RequestId",
          "Cache-Control", "no-store, no-cache",
          "Content-Security-Policy", "default-src 'self'; upgrade-insecure-requests;",
          "Strict-Transport-Security", "max-age:47304000; includeSubDomains",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY");
    }

    @Override
    ObjectNode errorBody(AwsError error, boolean messageToo) {
      ObjectNode body = Json.object();
      if (error.isModelled()) {
        body.put("exceptionMessage", error.message());
      }
      if (messageToo || !error.isModelled()) {
        body.put("message", error.message());
      }
      return body;
    }
  },

  /** EventBridge: JSON 1.1; the type of an error is in the body. */
  EVENTS("application/x-amz-json-1.1", "InternalException") {
    @Override
    Map<String, String> headers() {
      return Map.of();
    }

    @Override
    ObjectNode errorBody(AwsError error, boolean messageToo) {
      return Json.object().put("__type", error.type()).put("message", error.message());
    }
  };

  private final String contentType;
  private final String internalErrorType;

  Protocol(String contentType, String internalErrorType) {
    this.contentType = contentType;
    this.internalErrorType = internalErrorType;
  }

  abstract Map<String, String> headers();

  abstract ObjectNode errorBody(AwsError error, boolean messageToo);

  /** What the service calls its own failure. */
  String internalErrorType() {
    return internalErrorType;
  }

  Answer result(ObjectNode body, String requestId) {
    return new Answer(200, allHeaders(requestId), Json.write(body));
  }

  /**
   * @param messageToo also puts the text where the SDKs' {@code getMessage()} finds it, which the
   *     real IVS does not
   */
  Answer error(AwsError error, String requestId, boolean messageToo) {
    Map<String, String> headers = allHeaders(requestId);
    if (this == IVS) {
      headers.put("x-amzn-ErrorType", error.type());
    }
    return new Answer(error.status(), headers, Json.write(errorBody(error, messageToo)));
  }

  private Map<String, String> allHeaders(String requestId) {
    Map<String, String> all = new LinkedHashMap<>(headers());
    all.put("Content-Type", contentType);
    all.put("x-amzn-RequestId", requestId);
    return all;
  }
}
