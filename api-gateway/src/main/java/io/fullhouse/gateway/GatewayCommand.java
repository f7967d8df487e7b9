package io.fullhouse.gateway;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code server}, whose failed start says why in one line. */
final class GatewayCommand extends ServerCommand<GatewayConfiguration> {
  GatewayCommand(Application<GatewayConfiguration> application) {
    super(application);
  }

  /** Required, unlike Dropwizard's: without one there are no keys to be asked for. */
  @Override
  protected Argument addFileArgument(Subparser subparser) {
    return subparser.addArgument("file").help("the configuration: deploy/config/gateway.yml");
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable failure) {
    cli.getStdErr().println("api-gateway cannot start: " + reason(failure));
    cli.getStdErr().flush();
  }

  static String reason(Throwable failure) {
    String text =
        failure instanceof ConfigurationException
            // A syntax error is followed by the line that has it, which may hold a secret.
            ? messageOf(failure).replaceAll("(?s)(Malformed YAML at[^;\n]*).*", "$1")
            : chain(failure);
    return text.replaceAll("\\s+", " ").trim();
  }

  /** The messages of a failure and its causes, but for those that only repeat the next one. */
  private static String chain(Throwable failure) {
    Throwable cause = failure.getCause();
    if (cause == null) {
      return messageOf(failure);
    }
    String own = messageOf(failure);
    return own.endsWith(messageOf(cause)) ? chain(cause) : own + ": " + chain(cause);
  }

  private static String messageOf(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getName() : failure.getMessage();
  }
}
