package io.fullhouse.gateway.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a body before a request is given a thread to wait with: clients that send theirs byte by
 * byte, on purpose or by a bad network, hold a connection and no more. Of a body that is too large
 * as much is taken in as shows it. Thread-safe.
 */
public final class WholeBodies extends Handler.Wrapper {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean none =
        request.getLength() == 0
            || (request.getLength() < 0
                && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    if (none || request.getLength() > RequestBody.MAX_BYTES) {
      return super.handle(request, response, callback);
    }
    new Arriving(request, response, callback).takeIn(Runnable::run);
    return true;
  }

  private void handleWhole(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } catch (Exception e) {
      Response.writeError(request, response, callback, e);
    }
  }

  /** Runs whenever more has come. One at a time. */
  private final class Arriving implements Runnable {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Arriving(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    /** In a thread of its own: what waits here for more would wait for itself. */
    @Override
    public void run() {
      takeIn(request.getContext());
    }

    /**
     * @param executor of the request, once its body is here
     */
    private void takeIn(Executor executor) {
      Content.Chunk end = null;
      while (end == null && bytes.size() <= RequestBody.MAX_BYTES) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        end = Content.Chunk.isFailure(chunk) ? chunk : taken(chunk);
      }
      Whole whole = new Whole(request, bytes.toByteArray(), end);
      executor.execute(() -> handleWhole(whole, response, callback));
    }

    /** Copied: a chunk of one byte holds on to a whole buffer of the network. */
    private Content.@Nullable Chunk taken(Content.Chunk chunk) {
      ByteBuffer buffer = chunk.getByteBuffer();
      byte[] copy = new byte[buffer.remaining()];
      buffer.get(copy);
      bytes.writeBytes(copy);
      chunk.release();
      return chunk.isLast() ? Content.Chunk.EOF : null;
    }
  }

  /** A request whose body is here. */
  private static final class Whole extends Request.Wrapper {
    private final ByteBuffer bytes;
    private final Content.@Nullable Chunk end;

    /**
     * @param end what follows the bytes; null: there is more, and the client still sends it
     */
    Whole(Request request, byte[] bytes, Content.@Nullable Chunk end) {
      super(request);
      this.bytes = ByteBuffer.wrap(bytes);
      this.end = end;
    }

    @Override
    public Content.@Nullable Chunk read() {
      if (bytes.hasRemaining()) {
        ByteBuffer all = bytes.slice();
        bytes.position(bytes.limit());
        return Content.Chunk.from(all, false);
      }
      return end == null ? super.read() : end;
    }

    @Override
    public void demand(Runnable whenThere) {
      if (bytes.hasRemaining() || end != null) {
        getContext().execute(whenThere);
      } else {
        super.demand(whenThere);
      }
    }
  }
}
