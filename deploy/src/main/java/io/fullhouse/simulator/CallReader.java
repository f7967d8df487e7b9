package io.fullhouse.simulator;

import io.fullhouse.simulator.Operation.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/** Finds out which operation of which service a request is. */
final class CallReader {
  private static final String TAGS = "/tags/";
  private static final String TARGET_PREFIX = "AWSEvents.";
  private static final int KEPT_NAME = 64;
  private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([^/,\\s]+)/");

  private final InstantSource time;

  CallReader(InstantSource time) {
    this.time = time;
  }

  /**
   * Reads what a request says about itself; never refuses.
   *
   * @param path as it came, with its percent-encoding
   */
  Call read(Request request, String path, Body body) {
    if (path.equals("/")) {
      String target = header(request, "X-Amz-Target");
      String name =
          target.startsWith(TARGET_PREFIX) ? target.substring(TARGET_PREFIX.length()) : target;
      return call(request, Protocol.EVENTS, name, Operation.named(name, Route.TARGET), "", body);
    }
    if (path.startsWith(TAGS)) {
      String name = tagOperation(request.getMethod());
      String arn = decode(path.substring(TAGS.length()));
      return call(request, Protocol.IVS, name, Operation.named(name, Route.TAGS), arn, body);
    }
    String name = path.substring(1);
    Optional<Operation> operation =
        Operation.named(name, Route.PATH).filter(it -> HttpMethod.POST.is(request.getMethod()));
    return call(request, Protocol.IVS, name, operation, "", body);
  }

  private Call call(
      Request request,
      Protocol protocol,
      String name,
      Optional<Operation> operation,
      String resourceArn,
      Body body) {
    List<String> tagKeys =
        operation.equals(Optional.of(Operation.UNTAG_RESOURCE))
            ? Request.extractQueryParameters(request).getValuesOrEmpty("tagKeys")
            : List.of();
    return new Call(
        protocol,
        name.length() <= KEPT_NAME ? name : name.substring(0, KEPT_NAME),
        operation,
        body,
        resourceArn,
        tagKeys,
        accessKey(header(request, "Authorization")),
        header(request, "amz-sdk-invocation-id"),
        header(request, "amz-sdk-request"),
        UUID.randomUUID().toString(),
        time.instant());
  }

  private static String tagOperation(String method) {
    if (HttpMethod.GET.is(method)) {
      return Operation.LIST_TAGS_FOR_RESOURCE.wireName();
    }
    if (HttpMethod.POST.is(method)) {
      return Operation.TAG_RESOURCE.wireName();
    }
    return HttpMethod.DELETE.is(method) ? Operation.UNTAG_RESOURCE.wireName() : method + " /tags";
  }

  /** The ARN comes percent-encoded, slash and all; a plus is a plus in a path. */
  private static String decode(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Left as it came: no ARN looks like this, and the check of the ARN says so.
      return raw;
    }
  }

  private static String accessKey(String authorization) {
    Matcher matcher = ACCESS_KEY.matcher(authorization);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String header(Request request, String name) {
    String value = request.getHeaders().get(name);
    return value == null ? "" : value;
  }
}
