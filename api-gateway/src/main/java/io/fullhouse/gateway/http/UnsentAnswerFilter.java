package io.fullhouse.gateway.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Ends requests whose client left before it had its answer. Jersey 3.1 ends an asynchronous request
 * after the answer's last byte and not at all when that cannot be written: the request would stay
 * for ever, and with it a stop would wait until it gives up.
 */
public final class UnsentAnswerFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(
        request,
        new HttpServletResponseWrapper(response) {
          @Override
          public ServletOutputStream getOutputStream() throws IOException {
            return new EndingOutput(super.getOutputStream(), request);
          }
        });
  }

  private static final class EndingOutput extends ServletOutputStream {
    private final ServletOutputStream out;
    private final ServletRequest request;

    EndingOutput(ServletOutputStream out, ServletRequest request) {
      this.out = out;
      this.request = request;
    }

    private interface Output {
      void run() throws IOException;
    }

    private void orEnd(Output output) throws IOException {
      try {
        output.run();
      } catch (IOException e) {
        if (request.isAsyncStarted()) {
          request.getAsyncContext().complete();
        }
        throw e;
      }
    }

    @Override
    public void write(int value) throws IOException {
      orEnd(() -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      orEnd(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
      orEnd(out::flush);
    }

    @Override
    public void close() throws IOException {
      orEnd(out::close);
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }
  }
}
