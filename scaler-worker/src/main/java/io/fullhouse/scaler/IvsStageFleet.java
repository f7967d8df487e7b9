package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata.Endpoints;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClient;
import software.amazon.awssdk.services.ivsrealtime.IvsRealTimeClientBuilder;
import software.amazon.awssdk.services.ivsrealtime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ivsrealtime.model.Stage;
import software.amazon.awssdk.services.ivsrealtime.model.StageEndpoints;

/** {@link StageFleet} through the AWS SDK. AWS's exceptions end here. */
final class IvsStageFleet implements StageFleet {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private final IvsRealTimeClient ivs;
  private final InstantSource time;

  private IvsStageFleet(IvsRealTimeClient ivs, InstantSource time) {
    this.ivs = ivs;
    this.time = time;
  }

  /**
   * Makes the client; calls nothing yet.
   *
   * @param endpoint null for the SDK's own choice, which follows AWS_ENDPOINT_URL_IVS_REALTIME
   */
  static IvsStageFleet create(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable URI endpoint,
      InstantSource time) {
    IvsRealTimeClientBuilder builder =
        IvsRealTimeClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(ATTEMPT_TIMEOUT))
            .overrideConfiguration(
                override ->
                    override.apiCallAttemptTimeout(ATTEMPT_TIMEOUT).apiCallTimeout(CALL_TIMEOUT));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return new IvsStageFleet(builder.build(), time);
  }

  @Override
  public Lookup find(StageArn stage) {
    try {
      Stage found = ivs.getStage(request -> request.arn(stage.value())).stage();
      if (found == null) {
        return new Lookup.Unavailable("GetStage answered without a stage");
      }
      String name = found.name();
      return new Lookup.Found(name == null ? "" : name, endpoints(found.endpoints()));
    } catch (ResourceNotFoundException e) {
      return new Lookup.Missing(IvsErrors.describe(e));
    } catch (SdkException e) {
      return new Lookup.Unavailable(IvsErrors.describe(e));
    }
  }

  private Optional<Endpoints> endpoints(@Nullable StageEndpoints endpoints) {
    if (endpoints == null || endpoints.events() == null || endpoints.whip() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Endpoints(
            endpoints.events(), endpoints.whip(), time.instant().truncatedTo(ChronoUnit.MILLIS)));
  }

  @Override
  public void close() {
    ivs.close();
  }
}
