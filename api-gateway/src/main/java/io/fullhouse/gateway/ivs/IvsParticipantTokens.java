package io.fullhouse.gateway.ivs;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.model.ParticipantId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.model.CreateParticipantTokenRequest;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantToken;
import software.amazon.awssdk.services.ivsrealtime.model.ParticipantTokenCapability;

/**
 * Tokens from {@code CreateParticipantToken}; IVS chooses the participant. Thread-safe.
 *
 * <p>The SDK's calls block, so they run on threads of their own. When those and the queue are full,
 * IVS is slower than the callers: they are told to come back rather than piled up.
 */
public final class IvsParticipantTokens implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IvsParticipantTokens.class);

  /**
   * IVS gives 50 tokens a second to an account (AWS service quotas, IVS Real-Time): 32 threads are
   * enough for that with answers after 600 ms, and the queue for the burst of two seconds.
   */
  private static final int THREADS = 32;

  private static final int QUEUE = 100;

  /** With the wait for a turn before it, shorter than {@link ParticipantTokens#BOUND}. */
  static final Duration BOUND = Duration.ofMillis(5_800);

  private final IvsRealTimeClient ivs;
  private final IvsUserIds userIds;
  private final ThreadPoolExecutor threads;

  public IvsParticipantTokens(IvsRealTimeClient ivs, IvsUserIds userIds, MetricRegistry metrics) {
    this.ivs = ivs;
    this.userIds = userIds;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> new Thread(task, "ivs-token-" + count.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    metrics.gauge("gateway.token.waiting", () -> () -> threads.getQueue().size());
  }

  /** Ends within {@link #BOUND}, with an {@link ApiException} when there is no token. */
  CompletionStage<Token> create(Wish wish) {
    CompletableFuture<Token> result = new CompletableFuture<>();
    try {
      threads.execute(() -> answer(wish, result));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedStage(TokenRefusals.budgetSpent());
    }
    // Counted from here, not from the call: what waited in the queue for too long is not asked for.
    return result
        .orTimeout(BOUND.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(translate(failure, wish)));
  }

  private void answer(Wish wish, CompletableFuture<Token> result) {
    if (result.isDone()) {
      return;
    }
    try {
      result.complete(call(wish));
    } catch (SdkException | IllegalArgumentException e) {
      result.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e); // else nobody would ever answer
      throw e;
    }
  }

  private Token call(Wish wish) {
    CreateParticipantTokenRequest.Builder request =
        CreateParticipantTokenRequest.builder()
            .stageArn(wish.stage().value())
            .duration(minutes(wish.life()))
            .capabilities(
                wish.capabilities().stream().map(IvsParticipantTokens::capability).toList());
    userIds.of(wish.user()).ifPresent(request::userId);
    if (!wish.attributes().isEmpty()) {
      request.attributes(wish.attributes());
    }
    ParticipantToken token = ivs.createParticipantToken(request.build()).participantToken();
    if (token == null || token.token() == null || token.participantId() == null) {
      throw new IllegalArgumentException("the answer has no token");
    }
    Instant expiresAt = token.expirationTime();
    return new Token(
        token.token(),
        new ParticipantId(token.participantId()),
        expiresAt == null ? Instant.now().plus(wish.life()) : expiresAt);
  }

  /** IVS takes whole minutes. */
  private static int minutes(Duration life) {
    return Math.toIntExact(life.toMinutes());
  }

  private static ParticipantTokenCapability capability(Capability capability) {
    return switch (capability) {
      case PUBLISH -> ParticipantTokenCapability.PUBLISH;
      case SUBSCRIBE -> ParticipantTokenCapability.SUBSCRIBE;
    };
  }

  private static ApiException translate(Throwable failure, Wish wish) {
    // IVS repeats what it does not like, and a log names no user.
    String why = IvsErrors.describe(failure).replace(wish.user().value(), "(the user)");
    log.warn("IVS gave no token: {}", why);
    if (failure instanceof AwsServiceException e && e.isThrottlingException()) {
      return TokenRefusals.budgetSpent();
    }
    return TokenRefusals.failed(Phrase.NO_TOKEN_FROM_IVS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    ivs.close();
  }
}
