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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The OpenAPI document as a page, by Swagger UI: it comes from this gateway alone, and a key that
 * is typed in goes nowhere else. Thread-safe.
 */
@Path("/docs")
@Undocumented("the document for people, not a part of what it describes")
public final class DocsResource {
  private static final Duration FRESH = Duration.ofHours(1);

  /** Swagger UI sets styles of single elements. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String SWAGGER_UI =
      "/META-INF/resources/webjars/swagger-ui/" + versionOfSwaggerUi() + "/";

  private static final Map<String, String> TYPES =
      Map.of(
          "docs.js",
          "text/javascript",
          SWAGGER_UI + "swagger-ui-bundle.js",
          "text/javascript",
          SWAGGER_UI + "swagger-ui.css",
          "text/css");

  private final StaticFile page = StaticFile.read("docs.html", "text/html");

  /** Read when somebody looks at the page: most gateways never show it. */
  private final Map<String, StaticFile> parts = new ConcurrentHashMap<>();

  private static String versionOfSwaggerUi() {
    String name = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    try (InputStream stream = DocsResource.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new FileNotFoundException(name + " is missing in this jar");
      }
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GET
  public Response page(@Context Request request) {
    return page.answer(request, FRESH).header("Content-Security-Policy", POLICY).build();
  }

  @GET
  @Path("/{part}")
  public Response part(@PathParam("part") String name, @Context Request request) {
    String file = name.equals("docs.js") ? name : SWAGGER_UI + name;
    String type = TYPES.get(file);
    if (type == null) {
      throw ApiException.of(ErrorCode.NOT_FOUND, Phrase.NO_SUCH_PART);
    }
    return parts
        .computeIfAbsent(file, each -> StaticFile.read(each, type))
        .answer(request, FRESH)
        .build();
  }
}
