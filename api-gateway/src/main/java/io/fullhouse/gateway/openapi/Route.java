package io.fullhouse.gateway.openapi;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;

/**
 * One route, as Jersey knows it.
 *
 * @param verb such as {@code POST}
 * @param path such as {@code /api/stage/{stage}}: without the patterns of its parameters
 * @param method that answers it
 */
public record Route(String verb, String path, Method method) {

  /** All there are, in the order of their paths. */
  public static List<Route> of(Collection<Resource> roots) {
    List<Route> found = new ArrayList<>();
    roots.forEach(root -> collect(root, "", found));
    found.sort(Comparator.comparing(Route::path).thenComparing(Route::verb));
    return List.copyOf(found);
  }

  private static void collect(Resource resource, String before, Collection<Route> found) {
    String path = join(before, resource.getPath());
    for (ResourceMethod method : resource.getResourceMethods()) {
      if (!method.getHttpMethod().equals("OPTIONS")) { // Jersey's own, on every path
        found.add(
            new Route(method.getHttpMethod(), path, method.getInvocable().getHandlingMethod()));
      }
    }
    resource.getChildResources().forEach(child -> collect(child, path, found));
  }

  private static String join(String before, String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : (before + "/" + path).split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment.replaceAll("\\{(\\w+):.*}", "{$1}")); // without its pattern
      }
    }
    return "/" + String.join("/", segments);
  }

  /** Routes of one class belong together: {@code viewer} for those of {@code ViewerResource}. */
  public String tag() {
    String name = method.getDeclaringClass().getSimpleName().replace("Resource", "");
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  /** The tag and the method: {@code viewerHeartbeat}. */
  public String operationId() {
    String name = method.getName();
    return tag() + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  @Override
  public String toString() {
    return verb + " " + path;
  }
}
