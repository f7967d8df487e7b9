package io.fullhouse.gateway.ivs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import io.fullhouse.gateway.auth.SeatSecrets;
import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.ivs.ParticipantTokens.Capability;
import io.fullhouse.gateway.ivs.ParticipantTokens.Token;
import io.fullhouse.gateway.ivs.ParticipantTokens.Wish;
import io.fullhouse.model.BroadcastId;
import io.fullhouse.model.ParticipantId;
import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import io.fullhouse.model.UserId;
import io.fullhouse.testing.MutableTime;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of callers when signing is slow or fails. */
final class SelfSignedTokensTest {
  private static final StageArn STAGE =
      new StageArn("arn:aws:ivs:us-east-1:123456789012:stage/AbCdEf123456");

  private final MutableTime time = MutableTime.fromNow();
  private final AtomicInteger signatures = new AtomicInteger();
  private final MetricRegistry metrics = new MetricRegistry();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean broken;
  private final SelfSignedTokens tokens =
      new SelfSignedTokens(
          new GatedSigner(),
          new IvsUserIds(
              IvsUserIds.Mode.PLAIN,
              new BroadcastId("main"),
              () -> SeatSecrets.parse("k:0123456789")),
          new Known(),
          time,
          metrics);

  /** A key in hardware that can be slow, and can fail. */
  private final class GatedSigner implements TokenSigner {
    @Override
    public String keyArn() {
      return "arn:aws:ivs:us-east-1:123456789012:public-key/k";
    }

    @Override
    public byte[] sign(byte[] text) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      signatures.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("the key is gone");
      }
      return new byte[96];
    }
  }

  private final class Known implements StageEndpoints {
    @Override
    public CompletionStage<Optional<Endpoints>> of(StageArn stage) {
      return CompletableFuture.completedStage(
          Optional.of(new Endpoints("wss://e", "https://w", time.instant())));
    }

    @Override
    public CompletionStage<Boolean> anyKnown() {
      return CompletableFuture.completedStage(true);
    }
  }

  @AfterEach
  void close() {
    gate.countDown();
    tokens.close();
  }

  private static Wish wish(Optional<ParticipantId> participant) {
    return new Wish(
        STAGE,
        new UserId("alice"),
        Set.of(Capability.SUBSCRIBE),
        Duration.ofHours(1),
        Map.of(),
        participant);
  }

  private CompletableFuture<Token> create() {
    return tokens.create(wish(Optional.empty())).toCompletableFuture();
  }

  private static ErrorCode refusal(CompletableFuture<?> answer) {
    Throwable failure = answer.handle((value, thrown) -> thrown).join();
    Throwable cause = failure.getCause();
    return ((ApiException) (cause == null ? failure : cause)).code();
  }

  @Test
  void a_key_that_fails_is_told_as_a_token_that_is_not_there() {
    broken = true;

    assertThat(refusal(create())).isEqualTo(ErrorCode.TOKEN_GENERATION_FAILED);
    assertThat(tokens.refresh(wish(Optional.empty())).toCompletableFuture().join()).isEmpty();

    broken = false;
    assertThat(create().join().participant().value()).matches("[A-Za-z0-9]{17}");
  }

  @Test
  void a_refresh_moves_the_time_and_nothing_else() {
    Token first = create().join();
    time.advance(Duration.ofMinutes(50));

    Token later =
        tokens
            .refresh(wish(Optional.of(first.participant())))
            .toCompletableFuture()
            .join()
            .orElseThrow();

    assertThat(later.participant()).isEqualTo(first.participant());
    assertThat(later.expiresAt()).isEqualTo(first.expiresAt().plus(Duration.ofMinutes(50)));
    assertThat(withoutTime(later)).isEqualTo(withoutTime(first));
  }

  private static String withoutTime(Token token) {
    String claims =
        new String(Base64.getUrlDecoder().decode(token.text().split("\\.", -1)[1]), UTF_8);
    return claims.replaceFirst("\"exp\":[0-9]+,\"iat\":[0-9]+", "");
  }

  @Test
  void more_than_can_be_signed_is_refused_before_a_seat_is_taken_and_a_refresh_waits() {
    gate = new CountDownLatch(1);
    int processors = Runtime.getRuntime().availableProcessors();
    List<CompletableFuture<Token>> crowd =
        IntStream.range(0, 1_000 + processors).mapToObj(i -> create()).toList();
    await().until(() -> waiting().equals(1_000));

    assertThat(refusal(tokens.choose().toCompletableFuture()))
        .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(refusal(create())).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(tokens.refresh(wish(Optional.empty())).toCompletableFuture().join()).isEmpty();

    gate.countDown();
    assertThat(crowd).allSatisfy(token -> assertThat(token.join()).isNotNull());
    assertThat(tokens.choose().toCompletableFuture().join()).isPresent();
  }

  private Object waiting() {
    return metrics.gauge("gateway.token.waiting").getValue();
  }

  @Test
  void a_token_that_nobody_waits_for_any_more_is_not_signed() {
    gate = new CountDownLatch(1);
    int processors = Runtime.getRuntime().availableProcessors();
    List<CompletableFuture<Token>> crowd =
        IntStream.range(0, processors + 5).mapToObj(i -> create()).toList();

    assertThat(crowd)
        .allSatisfy(token -> assertThat(refusal(token)).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
    gate.countDown();

    create().join();
    await().until(() -> signatures.get() == processors + 1);
  }
}
