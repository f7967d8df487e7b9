package io.fullhouse.scaler;

import io.fullhouse.scaler.NoticeBus.Outcome.Later;
import io.fullhouse.scaler.NoticeBus.Outcome.Never;
import io.fullhouse.scaler.NoticeBus.Outcome.Taken;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClientBuilder;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * {@link NoticeBus} on EventBridge. Thread-safe. AWS's exceptions end here.
 *
 * <p>A call can succeed while some of its entries fail; the SDK repeats calls, but no entries
 * (PutEvents, EventBridge API reference).
 */
final class EventBridgeNoticeBus implements NoticeBus {
  /** What rules match on: never to be changed. */
  static final String SOURCE = "fullhouse.scaler";

  /**
   * Entry errors that sending again does not cure (PutEventsResultEntry, EventBridge API
   * reference).
   */
  private static final Set<String> FINAL =
      Set.of(
          "AccessDeniedException",
          "InvalidAccountIdException",
          "InvalidArgument",
          "MalformedDetail",
          "RedactionFailure",
          "NotAuthorizedForSourceException",
          "NotAuthorizedForDetailTypeException");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private final EventBridgeClient client;
  private final String bus;

  private EventBridgeNoticeBus(EventBridgeClient client, String bus) {
    this.client = client;
    this.bus = bus;
  }

  /**
   * Makes the client; calls nothing yet.
   *
   * @param bus name or ARN
   * @param endpoint null for the SDK's own choice, which follows AWS_ENDPOINT_URL_EVENTBRIDGE
   */
  static EventBridgeNoticeBus create(
      String bus, Region region, AwsCredentialsProvider credentials, @Nullable URI endpoint) {
    EventBridgeClientBuilder builder =
        EventBridgeClient.builder()
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
    return new EventBridgeNoticeBus(builder.build(), bus);
  }

  @Override
  public List<Outcome> put(List<Event> events) {
    List<PutEventsRequestEntry> entries = events.stream().map(this::entry).toList();
    List<PutEventsResultEntry> results;
    try {
      results = client.putEvents(request -> request.entries(entries)).entries();
    } catch (SdkException e) {
      return all(events.size(), IvsErrors.describe(e));
    }
    if (results.size() != events.size()) {
      return all(events.size(), "PutEvents answered for " + results.size() + " entries");
    }
    List<Outcome> outcomes = new ArrayList<>();
    results.forEach(result -> outcomes.add(outcome(result)));
    return outcomes;
  }

  /** Whatever is wrong with a whole call: no single notice is to blame, so none is given up. */
  private static List<Outcome> all(int size, String reason) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      outcomes.add(new Later(reason));
    }
    return outcomes;
  }

  private static Outcome outcome(PutEventsResultEntry result) {
    String code = result.errorCode();
    if (code == null || code.isEmpty()) {
      return new Taken();
    }
    String reason = code + ": " + result.errorMessage();
    return FINAL.contains(code) ? new Never(reason) : new Later(reason);
  }

  private PutEventsRequestEntry entry(Event event) {
    return PutEventsRequestEntry.builder()
        .eventBusName(bus)
        .source(SOURCE)
        .detailType(event.type())
        .time(event.occurredAt())
        .resources(event.resource().stream().toList())
        .detail(event.detail())
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
