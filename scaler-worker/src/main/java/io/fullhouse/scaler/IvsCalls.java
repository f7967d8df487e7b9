package io.fullhouse.scaler;

import io.fullhouse.scaler.IvsAnswer.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClientBuilder;
import software.amazon.awssdk.services.ivsrealtime.model.ConflictException;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.ServiceQuotaExceededException;

/**
 * The AWS SDK's clients behind one gate: each call waits for its turn, has a bound, and AWS's
 * exceptions end here. Thread-safe.
 */
final class IvsCalls implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 3;

  private final IvsRealTimeClient often;
  private final IvsRealTimeClient once;
  private final Supplier<Optional<String>> gate;

  /**
   * How long an answer is waited for.
   *
   * @param attempt before the call is made again, where that is harmless
   * @param call in all
   */
  record Patience(Duration attempt, Duration call) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private IvsCalls(
      IvsRealTimeClient often, IvsRealTimeClient once, Supplier<Optional<String>> gate) {
    this.often = often;
    this.once = once;
    this.gate = gate;
  }

  /**
   * Makes the clients; calls nothing yet.
   *
   * @param endpoint null for the SDK's own choice, which follows AWS_ENDPOINT_URL_IVS_REALTIME
   * @param gate passed before each call; says why it must not be made
   */
  static IvsCalls create(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Supplier<Optional<String>> gate) {
    return create(region, credentials, endpoint, gate, Patience.USUAL);
  }

  /** The same with another patience. */
  static IvsCalls create(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Supplier<Optional<String>> gate,
      Patience patience) {
    Patience undivided = new Patience(patience.call(), patience.call());
    return new IvsCalls(
        client(region, credentials, endpoint, patience, ATTEMPTS),
        // The SDK repeats what was not answered, and each CreateStage may make a stage.
        client(region, credentials, endpoint, undivided, 1),
        gate);
  }

  private static IvsRealTimeClient client(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      Patience patience,
      int attempts) {
    IvsRealTimeClientBuilder builder =
        IvsRealTimeClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(patience.attempt()))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallAttemptTimeout(patience.attempt())
                        .apiCallTimeout(patience.call())
                        .retryStrategy(retry -> retry.maxAttempts(attempts)));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  /** A call that is harmless to repeat: it is made up to three times. */
  <T> IvsAnswer<T> call(Function<IvsRealTimeClient, T> operation) {
    return answered(often, operation);
  }

  /** A call that is made once, whatever becomes of it. */
  <T> IvsAnswer<T> callOnce(Function<IvsRealTimeClient, T> operation) {
    return answered(once, operation);
  }

  private <T> IvsAnswer<T> answered(
      IvsRealTimeClient client, Function<IvsRealTimeClient, T> operation) {
    Optional<String> closed = gate.get();
    if (closed.isPresent()) {
      return new IvsAnswer.Unclear<>(closed.get());
    }
    try {
      return new IvsAnswer.Done<>(operation.apply(client));
    } catch (ResourceNotFoundException e) {
      return new IvsAnswer.Refused<>(Kind.NOT_FOUND, IvsErrors.describe(e));
    } catch (ConflictException e) {
      return new IvsAnswer.Refused<>(Kind.CONFLICT, IvsErrors.describe(e));
    } catch (ServiceQuotaExceededException e) {
      return new IvsAnswer.Refused<>(Kind.QUOTA, IvsErrors.describe(e));
    } catch (AwsServiceException e) {
      return e.statusCode() >= 500 || e.isThrottlingException()
          ? new IvsAnswer.Unclear<>(IvsErrors.describe(e))
          : new IvsAnswer.Refused<>(Kind.OTHER, IvsErrors.describe(e));
    } catch (SdkException | IllegalArgumentException e) {
      // Also an answer that cannot be one: IVS may have done what it was asked all the same.
      return new IvsAnswer.Unclear<>(IvsErrors.describe(e));
    }
  }

  /** What AWS leaves out is empty. */
  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public void close() {
    often.close();
    once.close();
  }
}
