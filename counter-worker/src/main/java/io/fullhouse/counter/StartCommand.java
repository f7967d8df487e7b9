package io.fullhouse.counter;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** The {@code server} command, saying in one line why it could not start. */
final class StartCommand extends ServerCommand<CounterConfiguration> {
  StartCommand(Application<CounterConfiguration> application) {
    super(application, "server", "Runs the counter worker until it is told to stop");
  }

  /** Required, unlike Dropwizard's: what is configured is not to be guessed. */
  @Override
  protected Argument addFileArgument(Subparser subparser) {
    return subparser.addArgument("file").help("the configuration: deploy/config/counter.yml");
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable failure) {
    Throwable reason = failure;
    while (!explains(reason) && reason.getCause() != null) {
      reason = reason.getCause(); // Jetty wraps "Failed to bind"
    }
    if (explains(reason)) {
      cli.getStdErr().println("counter-worker cannot start: " + oneLine(reason));
    } else {
      super.onError(cli, namespace, failure); // not the operator's mistake
    }
  }

  private static boolean explains(Throwable failure) {
    return failure instanceof ConfigurationException
        || failure instanceof IllegalArgumentException
        || failure instanceof IOException;
  }

  /** Dropwizard lists its findings with bullets, one a line. */
  private static String oneLine(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .trim()
        .replaceAll("\\s*\\R\\s*\\*\\s*", " * ")
        .replaceAll("\\s+", " ");
  }
}
