package io.fullhouse.gateway.web;

import io.fullhouse.gateway.http.ApiException;
import io.fullhouse.gateway.http.ErrorCode;
import io.fullhouse.gateway.language.Phrase;
import io.fullhouse.gateway.openapi.Undocumented;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A page to try everything out, for development: it holds an API key, which no page of a real
 * application may.
 */
@Path("/demo")
@Undocumented("in development only")
public final class DemoResource {
  private final Map<String, StaticFile> parts =
      Map.of(
          "demo.css", StaticFile.read("demo.css", "text/css"),
          "demo.js", StaticFile.read("demo.js", "text/javascript"),
          "house.js", StaticFile.read("house.js", "text/javascript"),
          "players.js", StaticFile.read("players.js", "text/javascript"));

  private final StaticFile page;
  private final String policy;

  /**
   * @param ivs where IVS is simulated; the page's viewers connect there
   */
  public DemoResource(Optional<URI> ivs) {
    String simulator = ivs.map(uri -> uri.getScheme() + "://" + uri.getAuthority()).orElse("");
    page = StaticFile.read("demo.html", "text/html", Map.of("@simulator@", simulator));
    policy = policy(simulator);
  }

  /** The page's own scripts and AWS's web SDK; calls to this gateway, the simulator and IVS. */
  private static String policy(String simulator) {
    return "default-src 'none'; script-src 'self' https://web-broadcast.live-video.net;"
        + " style-src 'self'; img-src data:; media-src blob:; worker-src blob:; connect-src 'self' https: wss:"
        + (simulator.isEmpty() ? "" : " " + simulator)
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  @GET
  public Response page(@Context Request request) {
    return page.answer(request, Duration.ZERO).header("Content-Security-Policy", policy).build();
  }

  @GET
  @Path("/{part}")
  public Response part(@PathParam("part") String name, @Context Request request) {
    StaticFile part = parts.get(name);
    if (part == null) {
      throw ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_PART);
    }
    return part.answer(request, Duration.ZERO).build();
  }
}
