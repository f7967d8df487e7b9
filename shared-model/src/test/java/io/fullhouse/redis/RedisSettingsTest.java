package io.fullhouse.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fullhouse.model.Broadcast;
import io.fullhouse.model.BroadcastId;
import io.lettuce.core.RedisCredentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisSettingsTest {
  private static final Broadcast PLAIN = new Broadcast(new BroadcastId("main"), "ivs:prod:");
  private static final Broadcast TAGGED = new Broadcast(new BroadcastId("main"), "{ivs:prod}:");

  @Test
  void the_password_of_the_environment_is_used_when_the_url_holds_none() {
    RedisSettings settings = RedisSettings.parse("redis://redis.example:7000", "secret", PLAIN);

    assertThat(password(settings)).isEqualTo("secret");
    assertThat(settings.describe()).isEqualTo("redis.example:7000");
  }

  @Test
  void the_password_of_the_url_comes_first() {
    assertThat(password(RedisSettings.parse("redis://:inner@redis.example", "outer", PLAIN)))
        .isEqualTo("inner");
  }

  @Test
  void there_may_be_no_password() {
    assertThat(password(RedisSettings.parse("redis://redis.example", "", PLAIN))).isNull();
    assertThat(password(RedisSettings.parse("redis://redis.example", null, PLAIN))).isNull();
  }

  @Test
  void a_cluster_has_several_nodes_and_one_password() {
    RedisSettings settings =
        RedisSettings.parse("rediss-cluster://one.example:7000,two.example:7001", "secret", TAGGED);

    assertThat(settings.cluster()).isTrue();
    assertThat(settings.describe())
        .isEqualTo("cluster one.example:7000 (TLS),two.example:7001 (TLS)");
    assertThat(settings.nodes()).allSatisfy(node -> assertThat(node.isSsl()).isTrue());
    assertThat(password(settings)).isEqualTo("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "redis",
        "http://redis.example",
        "redis://",
        "redis://:secret@",
        "redis://:secret@bad host",
        "redis://one.example,two.example",
        "redis-cluster://one.example:7000"
      })
  void a_wrong_url_is_refused_without_showing_its_password(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisSettings.parse(url, "secret", PLAIN))
        .withMessageContaining("REDIS_")
        .withMessageNotContaining("secret");
  }

  private static @Nullable String password(RedisSettings settings) {
    RedisCredentials credentials =
        settings.nodes().get(0).getCredentialsProvider().resolveCredentials().toFuture().join();
    char[] password = credentials.getPassword();
    return password == null ? null : new String(password);
  }
}
