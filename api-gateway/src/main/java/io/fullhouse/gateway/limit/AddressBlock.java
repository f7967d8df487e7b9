package io.fullhouse.gateway.limit;

import java.net.InetAddress;

/**
 * A network of addresses, or a single one.
 *
 * @param bits of {@code network} that an address in it has, too
 */
record AddressBlock(InetAddress network, int bits) {
  /**
   * Reads {@code 10.0.0.0/8} or {@code 10.1.2.3}.
   *
   * @throws IllegalArgumentException with a line for the operator
   */
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network =
        ClientAddress.parse(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> wrong(text))
            .value();
    int most = network.getAddress().length * Byte.SIZE;
    String bits = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
    if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
      throw wrong(text);
    }
    return new AddressBlock(network, Integer.parseInt(bits));
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "TRUSTED_PROXIES must list addresses or networks such as 10.0.0.0/8, not '" + text + "'");
  }

  boolean contains(ClientAddress client) {
    byte[] address = client.value().getAddress();
    byte[] mine = network.getAddress();
    if (address.length != mine.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((address[bit / Byte.SIZE] ^ mine[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
