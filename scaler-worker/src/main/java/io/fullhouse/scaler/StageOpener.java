package io.fullhouse.scaler;

import io.fullhouse.model.StageArn;
import io.fullhouse.model.StageMetadata;
import io.fullhouse.scaler.StageFleet.Made;
import io.fullhouse.scaler.StageRegistry.Doors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks IVS for new stages, several at a time, each once. For one thread.
 *
 * <p>What is asked for is written down before, under a request id that the stage carries as a tag:
 * whatever is killed in between, {@link FleetInventory} finds the stage, or that there is none.
 */
final class StageOpener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StageOpener.class);
  private static final int AT_ONCE = 5;

  private final StageFleet fleet;
  private final StageRegistry registry;
  private final OwnerTags tags;
  private final StageArn master;
  private final int capacity;
  private final InstantSource time;
  private final ExecutorService threads;

  /** What came of the stages that were asked for. */
  record Opened(int made, List<String> troubles) {}

  StageOpener(
      StageFleet fleet,
      StageRegistry registry,
      OwnerTags tags,
      StageArn master,
      int capacity,
      InstantSource time) {
    this.fleet = fleet;
    this.registry = registry;
    this.tags = tags;
    this.master = master;
    this.capacity = capacity;
    this.time = time;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            AT_ONCE,
            task -> {
              Thread thread = new Thread(task, "scaler-create-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Asks for so many stages, and waits for the answers; each wait is bounded by IVS's client. */
  Opened open(int stages) throws InterruptedException {
    List<Callable<Optional<String>>> wishes = new ArrayList<>();
    for (int i = 0; i < stages; i++) {
      wishes.add(this::openOne);
    }
    List<String> troubles = new ArrayList<>();
    for (Future<Optional<String>> answer : threads.invokeAll(wishes)) {
      try {
        answer.get().ifPresent(troubles::add);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    return new Opened(stages - troubles.size(), troubles);
  }

  private Optional<String> openOne() {
    Instant now = time.instant();
    String request = tags.newRequest();
    IvsAnswer<StageMetadata> answer =
        make(request, tags.stageName(request), true, tags.of(request, now), now);
    return answer instanceof IvsAnswer.Done<StageMetadata>
        ? Optional.empty()
        : Optional.of(answer.reason());
  }

  /** The stage that an operator wants: part of the fleet, and closed by an operator alone. */
  IvsAnswer<StageMetadata> openFor(Command command) {
    Instant now = time.instant();
    return make(
        command.request(),
        command.name(),
        false,
        tags.byHand(command.request(), now, command.tags()),
        now);
  }

  private IvsAnswer<StageMetadata> make(
      String request, String name, boolean autoScaled, Map<String, String> tagged, Instant now) {
    registry.intend(request, now);
    IvsAnswer<Made> answer = fleet.create(name, tagged);
    if (answer instanceof IvsAnswer.Done<Made> done) {
      Made made = done.value();
      StageMetadata stage =
          new StageMetadata(
              name,
              made.arn(),
              autoScaled,
              now,
              StageMetadata.CREATING,
              capacity,
              made.endpoints(),
              Optional.of(master),
              now,
              "",
              OwnerTags.operators(tagged));
      registry.fulfil(request, stage, Doors.LEFT_ALONE);
      log.info("IVS made stage {} ('{}')", made.arn(), name);
      return new IvsAnswer.Done<>(stage);
    }
    if (answer instanceof IvsAnswer.Refused<Made> refused) {
      registry.abandon(request);
      log.error("IVS makes no stage: {}", answer.reason());
      return new IvsAnswer.Refused<>(refused.kind(), refused.reason());
    }
    log.warn("whether IVS made stage '{}' is unclear: {}", name, answer.reason());
    return new IvsAnswer.Unclear<>(answer.reason());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
