package io.fullhouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustedProxiesTest {
  private final TrustedProxies proxies =
      TrustedProxies.parse("10.0.0.0/8, 192.168.7.7,2001:db8:1::/48");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // peer | X-Forwarded-For | client
        "203.0.113.9|-|203.0.113.9",
        "203.0.113.9|198.51.100.1|203.0.113.9",
        "10.1.2.3|-|10.1.2.3",
        "10.1.2.3|198.51.100.1|198.51.100.1",
        "10.1.2.3|1.1.1.1, 198.51.100.1|198.51.100.1",
        "10.1.2.3|1.1.1.1, 198.51.100.1 , 192.168.7.7|198.51.100.1",
        "10.1.2.3|1.1.1.1,198.51.100.1,10.9.9.9,192.168.7.7|198.51.100.1",
        "10.1.2.3|1.1.1.1, 192.168.7.8|192.168.7.8",
        "10.1.2.3|10.0.0.1|10.0.0.1",
        "10.1.2.3|198.51.100.1:4711|198.51.100.1",
        "10.1.2.3|unknown|10.1.2.3",
        "10.1.2.3|198.51.100.1, nonsense|10.1.2.3",
        "10.1.2.3|example.org|10.1.2.3",
        "10.1.2.3|999.1.1.1|10.1.2.3",
        "10.1.2.3|,|10.1.2.3",
        "[2001:db8:1::5]|2001:db8:2:3:4:5:6:7|20010db800020003/64",
        "2001:db8:1::5|[2001:db8:2:3::9]:443|20010db800020003/64",
        "2001:db8:2::5|198.51.100.1|20010db800020000/64",
        "::ffff:10.1.2.3|198.51.100.1|198.51.100.1",
      })
  void the_client_is_the_last_that_is_no_proxy_of_ours(
      String peer, @Nullable String forwardedFor, String client) {
    assertThat(proxies.client(request(peer, "X-Forwarded-For", forwardedFor)).network())
        .isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=198.51.100.1|198.51.100.1",
        "for=1.1.1.1, For=\"198.51.100.1:47\";proto=https;by=10.0.0.1|198.51.100.1",
        "proto=http;for=\"[2001:db8:2:3::9]:443\", for=10.0.0.1|20010db800020003/64",
        "for=_hidden|10.1.2.3",
        "nonsense|10.1.2.3",
      })
  void the_standard_header_is_understood_too(String forwarded, String client) {
    assertThat(proxies.client(request("10.1.2.3", "Forwarded", forwarded)).network())
        .isEqualTo(client);
  }

  @Test
  void who_speaks_tls_is_believed_from_proxies_alone() {
    assertThat(proxies.secure(request("10.1.2.3", "X-Forwarded-Proto", "https"))).isTrue();
    assertThat(proxies.secure(request("10.1.2.3", "X-Forwarded-Proto", "http"))).isFalse();
    assertThat(proxies.secure(request("10.1.2.3", "Forwarded", "for=1.1.1.1;proto=https")))
        .isTrue();
    assertThat(proxies.secure(request("10.1.2.3", "Forwarded", null))).isFalse();
    assertThat(proxies.secure(request("203.0.113.9", "X-Forwarded-Proto", "https"))).isFalse();
  }

  @Test
  void nobody_is_trusted_by_default() {
    TrustedProxies none = TrustedProxies.parse(" ");

    assertThat(none.client(request("127.0.0.1", "X-Forwarded-For", "1.1.1.1")).network())
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"proxy.internal", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.1,", "1.2.3.4/x"})
  void what_is_no_address_stops_the_start(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedProxies.parse(text))
        .withMessageContaining("TRUSTED_PROXIES");
  }

  private static HttpServletRequest request(String peer, String name, @Nullable String value) {
    Map<String, List<String>> headers = value == null ? Map.of() : Map.of(name, List.of(value));
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            TrustedProxiesTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRemoteAddr" -> peer;
                  case "isSecure" -> false;
                  case "getHeaders" ->
                      Collections.enumeration(headers.getOrDefault(arguments[0], List.of()));
                  case "getHeader" ->
                      headers.getOrDefault(arguments[0], List.of()).stream()
                          .findFirst()
                          .orElse(null);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
