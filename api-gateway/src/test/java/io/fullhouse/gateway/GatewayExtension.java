package io.fullhouse.gateway;

import io.fullhouse.testing.RedisOptions;
import io.fullhouse.testing.RedisProcess;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One gateway for all tests, with a Redis and an IVS of its own. Before each test Redis holds one
 * open stage and a live publisher, and IVS gives tokens.
 */
final class GatewayExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(GatewayExtension.class);
  private static final Map<Class<?>, Function<Parts, Object>> PARAMETERS =
      Map.of(
          RunningGateway.class, Parts::gateway,
          RedisView.class, Parts::view,
          StubIvs.class, Parts::ivs);

  private record Parts(RedisProcess redis, RedisView view, StubIvs ivs, RunningGateway gateway)
      implements AutoCloseable {
    static Parts start() {
      RedisProcess redis = RedisProcess.start(RedisOptions.defaults());
      StubIvs ivs = new StubIvs();
      return new Parts(
          redis, new RedisView(redis.uri()), ivs, RunningGateway.start(redis.uri(), ivs, Map.of()));
    }

    @Override
    public void close() {
      gateway.close();
      ivs.close();
      view.close();
      redis.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    parts(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Parts parts = parts(context);
    parts.view().empty();
    parts.view().open(RunningGateway.MASTER);
    parts.view().live();
    parts.ivs().givesTokens();
    parts.ivs().calls().clear();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Function<Parts, Object> value = PARAMETERS.get(parameter.getParameter().getType());
    if (value == null) {
      throw new IllegalArgumentException("not a parameter of ours: " + parameter);
    }
    return value.apply(parts(context));
  }

  private static Parts parts(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Parts.class, key -> Parts.start(), Parts.class);
  }
}
