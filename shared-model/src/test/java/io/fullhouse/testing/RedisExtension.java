package io.fullhouse.testing;

import io.fullhouse.model.Broadcast;
import io.fullhouse.redis.Redis;
import io.fullhouse.redis.RedisKeys;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real Redis for tests: started once in the JVM, emptied before each test.
 *
 * <p>Gives parameters of type {@link Redis} (one connection for all; do not close it), {@link
 * RedisKeys} and {@link Broadcast}. Which Redis runs: see {@link TestRedis}. Without one every test
 * fails: none is skipped.
 */
public final class RedisExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(RedisExtension.class);
  private static final Map<Class<?>, Function<TestRedis, Object>> PARAMETERS =
      Map.of(
          Redis.class, TestRedis::redis,
          RedisKeys.class, TestRedis::keys,
          Broadcast.class, TestRedis::broadcast);

  @Override
  public void beforeAll(ExtensionContext context) {
    testRedis(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    testRedis(context).empty();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Function<TestRedis, Object> value = PARAMETERS.get(parameter.getParameter().getType());
    if (value == null) {
      throw new IllegalArgumentException("not a parameter of ours: " + parameter);
    }
    return value.apply(testRedis(context));
  }

  /** The root store closes it after the last test of the JVM. */
  private static TestRedis testRedis(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(TestRedis.class, key -> TestRedis.start(), TestRedis.class);
  }
}
