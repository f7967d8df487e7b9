package io.fullhouse.gateway;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server}, whose failed start says why in one line. */
final class GatewayCommand extends ServerCommand<GatewayConfiguration> {
  GatewayCommand(Application<GatewayConfiguration> application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable failure) {
    cli.getStdErr().println("api-gateway cannot start: " + reason(failure));
    cli.getStdErr().flush();
  }

  static String reason(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof ConfigurationException) {
      // A syntax error is followed by the line that has it, which may hold a secret.
      message = message.replaceAll("(?s)(Malformed YAML at[^;\n]*).*", "$1");
    } else if (failure.getCause() != null && failure.getCause().getMessage() != null) {
      message = message + ": " + failure.getCause().getMessage();
    }
    return message.replaceAll("\\s+", " ").trim();
  }
}
