package io.fullhouse.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;

/** The routes there are, as Jersey knows them. */
final class Endpoints {
  private Endpoints() {}

  /** Each as {@code POST /api/token/viewer}, in the order of their paths. */
  static List<String> of(Collection<Resource> roots) {
    SortedSet<String> found = new TreeSet<>();
    roots.forEach(root -> collect(root, "", found));
    return found.stream().map(Endpoints::methodFirst).toList();
  }

  private static void collect(Resource resource, String before, Collection<String> found) {
    String path = join(before, resource.getPath());
    for (ResourceMethod method : resource.getResourceMethods()) {
      if (!method.getHttpMethod().equals("OPTIONS")) { // Jersey's own, on every path
        found.add(path + " " + method.getHttpMethod());
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

  private static String methodFirst(String pathAndMethod) {
    int space = pathAndMethod.lastIndexOf(' ');
    return pathAndMethod.substring(space + 1) + " " + pathAndMethod.substring(0, space);
  }
}
