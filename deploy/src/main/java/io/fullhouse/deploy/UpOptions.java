package io.fullhouse.deploy;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code deploy/bin/up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    version = "0.1.0-SNAPSHOT",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Runs everything on this machine, in the foreground: Redis, a simulated IVS and EventBridge,"
          + " gateway, counter worker, scaler worker. Builds what is missing first. Prints one line"
          + " starting with \"ready\" once a join would succeed. Ctrl-C stops everything; nothing"
          + " stays behind, not even after kill -9. For development only.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  HTTP_PORT          the gateway's port; default 3000, 0 for any free one",
      "  ADMIN_PORT         health and metrics: the gateway's port, default 3001; the counters' start",
      "                     10 above it (3011), the scaler's is 20 above (3021); 0 for free ones",
      "  SIMULATOR_PORT     simulated IVS and EventBridge; default 3090, 0 for any free one",
      "  REDIS_URL          use this Redis instead of starting one",
      "  REDIS_SERVER       the Redis server program to start; default: redis-server or valkey-server,",
      "                     version 7 or newer, from the PATH, else the bundled one",
      "  API_KEYS           default dev:dev-key, which may do everything",
      "  SEAT_SECRETS       default: random, kept in the data directory when there is one",
      "  TOKEN_MODE         self-signed: the gateway signs tokens with a key that is made, and imported",
      "                     into the simulated IVS, for this run or its data directory;",
      "                     default: api, 50 tokens a second",
      "  MASTER_STAGE_ARN   the ARN the simulator gives the master stage",
      "  JAVA_TOOL_OPTIONS  reaches every JVM, the launcher's too",
      "Every other variable reaches the services as it is; deploy/config/*.yml lists them.",
      "",
      "Exit codes: 0 only for --help and --version, 1 something failed or died, 2 wrong usage,",
      "130 and 143 stopped by Ctrl-C and by SIGTERM."
    })
interface UpOptions {
  /** What can be run alone. */
  enum Part {
    simulator
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep Redis's data, the seat secrets and what the simulated IVS has (stages, tags, public"
              + " keys, limits, the secret of its tokens) in DIR, made when missing: the next run"
              + " with the same DIR goes on where this one stopped or was killed, with nobody"
              + " connected to a stage. With --only simulator it keeps the latter."
              + " Default: nothing is kept.")
  Optional<Path> data();

  @Option(
      names = "--redis-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port of the Redis that is started. Default: any free one.")
  int redisPort();

  @Option(
      names = "--counters",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many counter workers share the work, 1 to 10. Default: ${DEFAULT-VALUE}.")
  int counters();

  @Option(
      names = "--only",
      paramLabel = "PART",
      description =
          "Run one part alone: simulator, the simulated IVS and EventBridge on SIMULATOR_PORT.")
  Optional<Part> only();

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "Write the services' output to DIR/<service>.log instead of this terminal.")
  Optional<Path> logs();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "90",
      description = "Give up when it is not ready after so long. Default: ${DEFAULT-VALUE}.")
  int timeoutSeconds();
}
