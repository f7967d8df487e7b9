package io.fullhouse.gateway.ivs;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;

/** The SDK's client, bounded so that a call ends before the seat held for it lapses. */
public final class IvsClients {
  private static final int ATTEMPTS = 2;

  /** Two attempts and the pause between them stay below {@link IvsParticipantTokens#BOUND}. */
  private static final Duration ATTEMPT = Duration.ofMillis(2_600);

  private static final int TOO_MANY_REQUESTS = 429;

  private record Throttling(Runnable throttled) implements ExecutionInterceptor {
    @Override
    public void beforeUnmarshalling(
        Context.BeforeUnmarshalling attempt, ExecutionAttributes attributes) {
      if (attempt.httpResponse().statusCode() == TOO_MANY_REQUESTS) {
        throttled.run();
      }
    }
  }

  private IvsClients() {}

  /** The SDK's own chain. */
  public static AwsCredentialsProvider credentials() {
    return DefaultCredentialsProvider.builder().build();
  }

  /** Never the instance metadata address, which costs seconds off AWS; a simulation takes any. */
  public static AwsCredentialsProvider developmentCredentials() {
    return AwsCredentialsProviderChain.of(
        EnvironmentVariableCredentialsProvider.create(),
        ProfileCredentialsProvider.create(),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("development", "development")));
  }

  /** {@code AWS_ENDPOINT_URL_IVS_REALTIME}, which the SDK reads itself, names another endpoint. */
  public static IvsRealTimeClient create(String region, AwsCredentialsProvider credentials) {
    return create(region, credentials, () -> {});
  }

  /**
   * The same.
   *
   * @param throttled told of each attempt that IVS throttled, of those too that the SDK repeats; by
   *     any thread, and must not wait
   */
  public static IvsRealTimeClient create(
      String region, AwsCredentialsProvider credentials, Runnable throttled) {
    return IvsRealTimeClient.builder()
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(2))
                .socketTimeout(ATTEMPT))
        .overrideConfiguration(
            options ->
                options
                    .addExecutionInterceptor(new Throttling(throttled))
                    .apiCallTimeout(IvsParticipantTokens.BOUND)
                    .apiCallAttemptTimeout(ATTEMPT)
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build()))
        .build();
  }
}
