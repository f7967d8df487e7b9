package io.fullhouse.deploy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The all-in-one launcher behind {@code deploy/bin/up}. Development only.
 *
 * <p>Stops on SIGTERM and SIGINT in the shutdown hook, so that the JVM's exit code tells of the
 * signal; what it started dies with it even when there is no time for that.
 */
public final class Up {
  private static final int USAGE = 2;

  private final Console console;
  private final Map<String, String> environment;

  /** Of a simulator alone. Never closed: it stays locked until this JVM has ended. */
  private Optional<DataDirectory> data = Optional.empty();

  private Up(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /** Runs until it is stopped or something fails; {@code up} may stand before the options. */
  public static void main(String[] args) throws InterruptedException {
    String[] options =
        args.length > 0 && args[0].equals("up") ? Arrays.copyOfRange(args, 1, args.length) : args;
    Console console = new Console(System.out);
    try {
      System.exit(new Up(console, System.getenv()).run(options));
    } catch (UpException e) {
      console.say(String.valueOf(e.getMessage()));
      System.exit(e.exitCode());
    }
  }

  private int run(String... args) throws InterruptedException {
    CommandLine commandLine =
        new CommandLine(UpOptions.class).setCaseInsensitiveEnumValuesAllowed(true);
    try {
      commandLine.parseArgs(args);
    } catch (ParameterException e) {
      console.say(e.getMessage() + "; --help says what there is");
      return USAGE;
    }
    if (CommandLine.printHelpIfRequested(commandLine.getParseResult())) {
      return 0;
    }
    UpOptions options = commandLine.getCommand();
    return options.only().isPresent() ? runSimulator(options) : runAll(options);
  }

  private int runAll(UpOptions options) throws InterruptedException {
    AllInOne allInOne =
        new AllInOne(console, options, UpPorts.from(options, environment), environment, home());
    Runtime.getRuntime().addShutdownHook(new Thread(allInOne::stop, "stop"));
    allInOne.start();
    String death = allInOne.firstDeath();
    if (!allInOne.stopping()) {
      console.say(death);
    }
    return 1;
  }

  private int runSimulator(UpOptions options) throws InterruptedException {
    int port = UpPorts.simulatorPort(environment);
    UpPorts.checkSimulator(port);
    data = options.data().map(DataDirectory::open);
    SimulatedAws aws = SimulatedAws.start(port, environment, data.map(DataDirectory::account));
    Runtime.getRuntime().addShutdownHook(new Thread(aws::close, "stop"));
    console.plain("ready  simulator %s  master stage %s".formatted(aws.url(), aws.master()));
    new CountDownLatch(1).await();
    return 1;
  }

  /** The repository: this class lies in {@code deploy/target}, packed or not. */
  private static Path home() {
    try {
      Path code = Path.of(Up.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return code.resolve("../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
