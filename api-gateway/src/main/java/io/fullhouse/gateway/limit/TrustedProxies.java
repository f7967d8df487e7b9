package io.fullhouse.gateway.limit;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose word we take for where a request comes from. Immutable.
 *
 * <p>Each proxy appends the address it was asked from, so only the last ones are to be believed:
 * from the right, the first that is no proxy of ours is the client. Nothing that a client writes
 * itself gets that far.
 */
public final class TrustedProxies {
  private static final Pattern FORWARDED_FOR =
      Pattern.compile("(?i)(?:^|[;,])\\s*for\\s*=\\s*(?:\"([^\"]*)\"|([^;,\\s]*))");
  private static final Pattern FORWARDED_PROTO =
      Pattern.compile("(?i)(?:^|[;,])\\s*proto\\s*=\\s*\"?([a-z]+)\"?");

  /** The address of a peer that has none, which does not happen. */
  private static final ClientAddress NOWHERE = new ClientAddress(InetAddress.getLoopbackAddress());

  private final List<AddressBlock> blocks;

  private TrustedProxies(List<AddressBlock> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /**
   * Reads {@code TRUSTED_PROXIES}: addresses and networks such as {@code 10.0.0.0/8}, by commas;
   * blank for none.
   *
   * @throws IllegalArgumentException with a line for the operator
   */
  public static TrustedProxies parse(String text) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      if (!text.isBlank()) {
        blocks.add(AddressBlock.parse(entry.trim()));
      }
    }
    return new TrustedProxies(blocks);
  }

  private boolean trusts(ClientAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  /**
   * The client's own address. {@code X-Forwarded-For} goes before {@code Forwarded}, which few
   * proxies write.
   */
  public ClientAddress client(HttpServletRequest request) {
    ClientAddress nearest = peer(request);
    List<String> hops = hops(request);
    Collections.reverse(hops);
    for (String hop : hops) {
      if (!trusts(nearest)) {
        return nearest;
      }
      ClientAddress before = ClientAddress.parse(hop).orElse(null);
      if (before == null) {
        return nearest; // unknown, or hidden
      }
      nearest = before;
    }
    return nearest;
  }

  private static ClientAddress peer(HttpServletRequest request) {
    return ClientAddress.parse(String.valueOf(request.getRemoteAddr())).orElse(NOWHERE);
  }

  private static List<String> hops(HttpServletRequest request) {
    List<String> hops = new ArrayList<>();
    for (String line : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      hops.addAll(List.of(line.split(",", -1)));
    }
    if (hops.isEmpty()) {
      for (String line : Collections.list(request.getHeaders("Forwarded"))) {
        Matcher matcher = FORWARDED_FOR.matcher(line);
        while (matcher.find()) {
          hops.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
      }
    }
    return hops;
  }

  /** Whether the client speaks TLS: to us, or to a proxy of ours that says so. */
  public boolean secure(HttpServletRequest request) {
    if (request.isSecure()) {
      return true;
    }
    if (!trusts(peer(request))) {
      return false;
    }
    String said = request.getHeader("X-Forwarded-Proto");
    if (said == null) {
      Matcher matcher = FORWARDED_PROTO.matcher(String.valueOf(request.getHeader("Forwarded")));
      said = matcher.find() ? matcher.group(1) : "";
    }
    return said.trim().equalsIgnoreCase("https");
  }
}
