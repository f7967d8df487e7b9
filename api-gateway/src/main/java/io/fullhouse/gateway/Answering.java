package io.fullhouse.gateway;

import io.fullhouse.gateway.http.Envelope;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Puts data into the envelope, on a thread that may block: the one that brings an answer from Redis
 * serves every request and must not wait for a slow client. Thread-safe.
 */
final class Answering {
  private final InstantSource time;
  private final Executor threads;

  Answering(InstantSource time, Executor threads) {
    this.time = time;
    this.threads = threads;
  }

  CompletionStage<Response> created(CompletionStage<?> data) {
    return with(201, data);
  }

  CompletionStage<Response> with(CompletionStage<?> data) {
    return with(200, data);
  }

  private CompletionStage<Response> with(int status, CompletionStage<?> data) {
    // handleAsync, not thenApplyAsync: that would let a failure pass on the thread it came on.
    return data.handleAsync(
        (value, failure) -> {
          if (failure != null) {
            throw new CompletionException(failure);
          }
          return Envelope.of(status, value, time.instant());
        },
        threads);
  }
}
