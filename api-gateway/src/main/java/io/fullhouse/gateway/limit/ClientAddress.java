package io.fullhouse.gateway.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a request comes from. */
public record ClientAddress(InetAddress value) {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  /** Bytes of an IPv6 address that a provider gives to one customer: /64. */
  private static final int IPV6_NETWORK = 8;

  /**
   * Reads an address as proxies write it: with or without a port, IPv6 in brackets or not. Never
   * asks a name server.
   */
  static Optional<ClientAddress> parse(String text) {
    String address = text.trim();
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      address = end < 0 ? "" : address.substring(1, end);
    } else if (address.indexOf(':') == address.lastIndexOf(':')) {
      address = address.replaceFirst(":[0-9]{1,5}$", "");
    }
    int zone = address.indexOf('%');
    address = zone < 0 ? address : address.substring(0, zone);
    if (!IPV4.matcher(address).matches() && !IPV6.matcher(address).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ClientAddress(InetAddress.getByName(address)));
    } catch (UnknownHostException e) {
      return Optional.empty(); // 999.1.1.1, 1::2::3
    }
  }

  /** Who shares it is taken for one: an IPv4 address, or an IPv6 network of 64 bits. */
  String network() {
    return value instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(value.getAddress(), IPV6_NETWORK)) + "/64"
        : value.getHostAddress();
  }
}
