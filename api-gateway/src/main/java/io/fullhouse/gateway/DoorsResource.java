package io.fullhouse.gateway;

import io.fullhouse.gateway.ApiMessages.DoorsAnswer;
import io.fullhouse.gateway.ApiRequests.DoorsRequest;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.gateway.http.Parsed;
import io.fullhouse.gateway.http.RequestBody;
import io.fullhouse.gateway.http.Timestamps;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operator lets people in or not. */
@Path("/api/doors")
@Consumes(MediaType.APPLICATION_JSON)
public final class DoorsResource {
  private static final Logger log = LoggerFactory.getLogger(DoorsResource.class);

  /** Characters. Everybody who is turned away gets it. */
  private static final int MAX_MESSAGE = 500;

  private final OperatorDesk desk;
  private final InstantSource time;
  private final Answering answering;

  DoorsResource(OperatorDesk desk, InstantSource time, Answering answering) {
    this.desk = desk;
    this.time = time;
    this.answering = answering;
  }

  /** Closed doors turn newcomers away; who is seated stays. */
  @PUT
  @Needs(Scope.OPERATE)
  @Operation(
      value = "Opens or closes the doors to newcomers",
      body = DoorsRequest.class,
      data = DoorsAnswer.class)
  public CompletionStage<Response> doors(InputStream stream) {
    RequestBody body = RequestBody.read(stream);
    Optional<Boolean> open = body.requiredFlag("open");
    Optional<String> message = body.optional("message", DoorsResource::message);
    body.verify();
    if (open.orElseThrow()) {
      return answering.with(
          desk.openDoors()
              .thenApply(
                  done -> {
                    log.info("an operator opens the doors");
                    return new DoorsAnswer(true, null, null);
                  }));
    }
    String now = Timestamps.of(time.instant());
    return answering.with(
        desk.closeDoors(new ClosedDoors(message, Optional.of(now)))
            .thenApply(
                done -> {
                  log.info("an operator closes the doors");
                  return new DoorsAnswer(false, message.orElse(null), now);
                }));
  }

  private static Parsed<String> message(String text) {
    return text.length() > MAX_MESSAGE
        ? Parsed.wrong(Phrase.OVER_CHARACTERS.with(MAX_MESSAGE))
        : Parsed.of(text);
  }
}
