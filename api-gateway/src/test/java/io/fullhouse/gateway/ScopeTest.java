package io.fullhouse.gateway;

import static io.fullhouse.gateway.RunningGateway.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.fullhouse.gateway.RunningGateway.Answer;
import io.fullhouse.gateway.auth.Needs;
import io.fullhouse.gateway.auth.Scope;
import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every route that wants a scope, found where it is declared: no list here can be out of date. */
final class ScopeTest {
  /** Routes that nobody needs a key for: public, or proven otherwise. */
  private static final Set<String> OPEN =
      Set.of(
          "GET /",
          "GET /demo",
          "GET /demo/{part}",
          "GET /docs",
          "GET /docs/{part}",
          "GET /fullhouse.js",
          "GET /openapi.json",
          "GET /health",
          "GET /health/live",
          "GET /health/ready",
          "GET /api/health",
          "POST /api/ticket",
          "POST /api/token/mediaserver",
          "POST /api/viewer/heartbeat",
          "POST /api/viewer/leave",
          "POST /api/viewer/rejoin");

  private record Route(String method, String path, Set<Scope> scopes) {}

  /** A key that is good for everything else. */
  private static String keyWithout(Set<Scope> scopes) {
    String others =
        EnumSet.complementOf(EnumSet.copyOf(scopes)).stream()
            .map(Scope::wireName)
            .collect(Collectors.joining("+"));
    return keyText(scopes) + ":" + keyText(scopes) + ":" + others;
  }

  private static String keyText(Set<Scope> scopes) {
    return "without-" + scopes.stream().map(Scope::wireName).sorted().collect(Collectors.joining());
  }

  @Test
  void every_route_refuses_a_key_without_its_scope_and_whoever_has_none() {
    try (RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
        RedisView view = new RedisView(redis.uri());
        StubIvs ivs = new StubIvs();
        RunningGateway plain = RunningGateway.start(redis.uri(), ivs, Map.of())) {
      List<Route> routes = routes(plain);
      assertThat(routes).hasSizeGreaterThan(30);
      assertThat(
              routes.stream()
                  .filter(route -> route.scopes().isEmpty())
                  .map(route -> route.method() + " " + route.path()))
          .as("routes that want no key: each is a decision")
          .isSubsetOf(OPEN);
      List<Route> guarded = routes.stream().filter(route -> !route.scopes().isEmpty()).toList();
      assertThat(
              guarded.stream()
                  .flatMap(route -> route.scopes().stream())
                  .collect(Collectors.toSet()))
          .contains(Scope.JOIN, Scope.PUBLISH, Scope.STATS, Scope.STAGES, Scope.OPERATE);
      String keys =
          guarded.stream()
              .map(Route::scopes)
              .distinct()
              .map(ScopeTest::keyWithout)
              .collect(Collectors.joining(","));
      try (RunningGateway gateway =
          RunningGateway.start(redis.uri(), ivs, Map.of("apiKeys", keys))) {
        guarded.forEach(route -> assertGuarded(gateway, route));
      }
      assertThat(view.entries()).allSatisfy(entry -> assertThat(entry).containsEntry("t", "bye"));
      assertThat(ivs.calls()).isEmpty();
    }
  }

  private static void assertGuarded(RunningGateway gateway, Route route) {
    Answer refused = ask(gateway, route, keyText(route.scopes()));
    assertRefused(refused, 403, "FORBIDDEN");
    assertThat(route.scopes().stream().map(Scope::wireName))
        .contains(refused.body().at("/error/details/scope").asText());
    assertRefused(ask(gateway, route, "wrong"), 401, "UNAUTHORIZED");
    assertRefused(ask(gateway, route, ""), 401, "UNAUTHORIZED");
  }

  private static Answer ask(RunningGateway gateway, Route route, String key) {
    HttpRequest.Builder request =
        gateway
            .request(route.path().replaceAll("\\{[^}]*}", "x"))
            .header("Content-Type", "application/json")
            .method(route.method(), BodyPublishers.ofString("{"));
    return gateway.send(key.isEmpty() ? request.build() : request.header("X-API-Key", key).build());
  }

  private static List<Route> routes(RunningGateway gateway) {
    List<Route> routes = new ArrayList<>();
    for (Class<?> resource : gateway.resources()) {
      Path root = resource.getAnnotation(Path.class);
      if (root == null) {
        continue;
      }
      for (Method method : resource.getDeclaredMethods()) {
        String verb = verb(method);
        if (!verb.isEmpty()) {
          Path below = method.getAnnotation(Path.class);
          Needs needs = method.getAnnotation(Needs.class);
          String path = ("/" + root.value() + "/" + (below == null ? "" : below.value()));
          path = path.replaceAll("/+", "/");
          routes.add(
              new Route(
                  verb,
                  path.length() > 1 ? path.replaceAll("/$", "") : path,
                  needs == null ? Set.of() : EnumSet.copyOf(Arrays.asList(needs.value()))));
        }
      }
    }
    return routes;
  }

  private static String verb(Method method) {
    if (method.isAnnotationPresent(GET.class)) {
      return "GET";
    } else if (method.isAnnotationPresent(POST.class)) {
      return "POST";
    } else if (method.isAnnotationPresent(PUT.class)) {
      return "PUT";
    }
    return method.isAnnotationPresent(DELETE.class) ? "DELETE" : "";
  }
}
