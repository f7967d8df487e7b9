package io.fullhouse.simulator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the connection and the calls: the only class that knows what a fault does to TCP. */
final class SimulatorHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatorHandler.class);

  /** Over PutEvents' 1 MB and everything IVS takes. */
  private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

  private static final Pattern LOOPBACK =
      Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

  private final CallReader reader;
  private final Dispatcher dispatcher;
  private final Steering steering;
  private final Account account;

  SimulatorHandler(CallReader reader, Dispatcher dispatcher, Steering steering, Account account) {
    this.reader = reader;
    this.dispatcher = dispatcher;
    this.steering = steering;
    this.account = account;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    byte[] bytes = Content.Source.asInputStream(request).readNBytes(MAX_BODY_BYTES + 1);
    if (bytes.length > MAX_BODY_BYTES) {
      Response.writeError(request, response, callback, 413);
      return true;
    }
    Body body = new Body(bytes);
    String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "/");
    if (Steering.owns(path)) {
      Steering.Ask ask = new Steering.Ask(query(request), body);
      allowPagesOfThisMachine(request, response);
      Answer answer = steering.answer(request.getMethod(), path, ask);
      onceSaved(request, response, callback, () -> send(answer, response, callback));
    } else {
      Outcome outcome = dispatcher.dispatch(reader.read(request, path, body));
      onceSaved(request, response, callback, () -> deliver(outcome, request, response, callback));
    }
    return true;
  }

  /** No answer tells of a change, by this call or another, that a kill could take back. */
  private void onceSaved(Request request, Response response, Callback callback, Runnable act) {
    try {
      account.save();
    } catch (IOException e) {
      LOG.error("the account cannot be saved: every call is answered 500 until it can", e);
      Response.writeError(request, response, callback, 500);
      return;
    }
    act.run();
  }

  /**
   * The player of a page that is tried out here is a page's script, and its origin another port.
   */
  private static void allowPagesOfThisMachine(Request request, Response response) {
    String origin = Objects.requireNonNullElse(request.getHeaders().get(HttpHeader.ORIGIN), "");
    response.getHeaders().put(HttpHeader.VARY, "Origin");
    if (LOOPBACK.matcher(origin).matches()) {
      response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      query.put(field.getName(), field.getValue());
    }
    return query;
  }

  private static void deliver(
      Outcome outcome, Request request, Response response, Callback callback) {
    if (outcome instanceof Outcome.Sent sent) {
      later(request, sent.delay(), () -> send(sent.answer(), response, callback));
    } else if (outcome instanceof Outcome.Dropped dropped) {
      later(request, dropped.delay(), () -> drop(request, callback));
    }
    // A hung call keeps its connection and its callback until the client or the simulator ends.
  }

  private static void later(Request request, Duration delay, Runnable act) {
    if (delay.isZero()) {
      act.run();
    } else {
      request.getComponents().getScheduler().schedule(act, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static void send(Answer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    answer.headers().forEach(response.getHeaders()::put);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put("Content-Length", body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static void drop(Request request, Callback callback) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(new EofException("dropped on demand"));
  }
}
