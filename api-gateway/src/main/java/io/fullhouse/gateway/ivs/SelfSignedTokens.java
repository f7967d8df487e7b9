package io.fullhouse.gateway.ivs;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.http.RetryAfter;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.AdmissionId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens signed here: no call to IVS, no limit but the processors. Thread-safe.
 *
 * <p>Signing is work, so it has threads of its own, one a processor. When their queue is full more
 * is wanted than this machine signs, and callers are told to come back.
 */
public final class SelfSignedTokens implements ParticipantTokens {
  private static final Logger log = LoggerFactory.getLogger(SelfSignedTokens.class);

  /** Two seconds' work of one processor, at about 600 signatures a second. */
  private static final int QUEUE = 1_000;

  /** A refreshed token is for later: it must not keep those waiting who join now. */
  private static final int QUEUE_FOR_REFRESH = 50;

  private static final Duration SIGNED_WITHIN = Duration.ofSeconds(4);

  private final SignedToken form;
  private final StageEndpoints endpoints;
  private final InstantSource time;
  private final ThreadPoolExecutor threads;

  public SelfSignedTokens(
      TokenSigner signer,
      IvsUserIds userIds,
      StageEndpoints endpoints,
      InstantSource time,
      MetricRegistry metrics) {
    this.form = new SignedToken(signer, userIds);
    this.endpoints = endpoints;
    this.time = time;
    int processors = Runtime.getRuntime().availableProcessors();
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            processors,
            processors,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> new Thread(task, "token-signer-" + count.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    metrics.gauge("gateway.token.waiting", () -> () -> threads.getQueue().size());
  }

  @Override
  public CompletionStage<Optional<ParticipantId>> choose() {
    if (threads.getQueue().remainingCapacity() == 0) {
      return CompletableFuture.failedStage(TokenRefusals.budgetSpent());
    }
    return endpoints
        .anyKnown()
        .thenCompose(
            known ->
                known
                    ? CompletableFuture.completedStage(Optional.of(newParticipant()))
                    : CompletableFuture.failedStage(recovering()));
  }

  @Override
  public CompletionStage<Token> create(Wish wish) {
    return endpoints
        .of(wish.stage())
        .thenCompose(
            known ->
                known
                    .map(found -> signed(wish, found))
                    .orElseGet(() -> CompletableFuture.failedStage(recovering())));
  }

  /** The same participant on the same stage: clients may exchange their token for it. */
  @Override
  public CompletionStage<Optional<Token>> refresh(Wish wish) {
    if (threads.getQueue().size() >= QUEUE_FOR_REFRESH) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return create(wish)
        .<Optional<Token>>thenApply(Optional::of)
        .exceptionally(e -> Optional.empty());
  }

  private CompletionStage<Token> signed(Wish wish, Endpoints known) {
    CompletableFuture<Token> result = new CompletableFuture<>();
    ParticipantId participant = wish.participant().orElseGet(SelfSignedTokens::newParticipant);
    try {
      threads.execute(() -> sign(wish, participant, known, result));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(TokenRefusals.budgetSpent());
    }
    return result
        .orTimeout(SIGNED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(translate(failure)));
  }

  private void sign(
      Wish wish, ParticipantId participant, Endpoints known, CompletableFuture<Token> result) {
    if (result.isDone()) {
      return; // nobody waits for it any more
    }
    try {
      Instant issued = Instant.ofEpochSecond(time.instant().getEpochSecond());
      Instant end = issued.plus(wish.life());
      String text = form.text(wish, participant, known, issued, end);
      result.complete(new Token(text, participant, end));
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e); // else nobody would ever answer
    }
  }

  private static ApiException translate(Throwable failure) {
    log.warn("a token could not be signed: {}", failure.toString());
    return failure instanceof TimeoutException // it waited behind others all the time
        ? TokenRefusals.budgetSpent()
        : TokenRefusals.failed(Phrase.TOKEN_NOT_SIGNED);
  }

  private static ApiException recovering() {
    return ApiException.retry(
        ErrorCode.STAGE_FULL, "RECOVERING", Phrase.ENDPOINTS_UNKNOWN, RetryAfter.OPENING);
  }

  /** Random, and without the underscore that some of IVS's operations refuse in a participant. */
  private static ParticipantId newParticipant() {
    return new ParticipantId(AdmissionId.random().value());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
