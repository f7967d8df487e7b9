package io.fullhouse.gateway.key;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.fullhouse.gateway.ivs.IvsClients;
import io.fullhouse.gateway.ivs.IvsPublicKeys;
import io.fullhouse.gateway.ivs.IvsPublicKeys.Imported;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jspecify.annotations.Nullable;

/**
 * {@code token-key}: makes the key pair for self-signed tokens, and imports, lists and deletes
 * public keys in IVS. What it prints of a key can be used as the gateway's settings. Errors are one
 * line on stderr and a status other than 0.
 */
public final class TokenKeyCommand extends Command {
  private static final String ACTION = "action";
  private static final String DEFAULT_NAME = "fullhouse";

  private final PrintStream out;

  /**
   * @param out where results go
   */
  public TokenKeyCommand(PrintStream out) {
    super("token-key", "Makes, imports, lists and deletes the keys of self-signed tokens");
    this.out = out;
  }

  @Override
  public void configure(Subparser command) {
    Subparsers actions = command.addSubparsers().dest(ACTION).metavar("ACTION");
    Subparser create =
        action(actions, "create", "Makes a key pair and imports its public half into IVS");
    create
        .addArgument("--out")
        .required(true)
        .metavar("FILE")
        .help("a new file for the private half, readable by its owner alone");
    name(create);
    Subparser importing =
        action(actions, "import", "Imports the public half of a key that is there already");
    importing.addArgument("--key").required(true).metavar("FILE").help("the private key, PEM");
    name(importing);
    action(actions, "list", "Lists the account's public keys: ARN, fingerprint, name");
    action(actions, "delete", "Deletes a public key: tokens it verifies let nobody join any more")
        .addArgument("--arn")
        .required(true)
        .help("of the public key");
  }

  private static Subparser action(Subparsers actions, String name, String help) {
    Subparser action = actions.addParser(name).help(help).description(help);
    action
        .addArgument("--region")
        .setDefault(System.getenv("AWS_REGION"))
        .help("the Region of the stages; default: AWS_REGION");
    return action;
  }

  private static void name(Subparser action) {
    action.addArgument("--name").setDefault(DEFAULT_NAME).help("what IVS shows of the key");
  }

  @Override
  public void run(@Nullable Bootstrap<?> bootstrap, Namespace arguments) throws IOException {
    try (IvsPublicKeys keys = keys(arguments.getString("region"))) {
      switch (String.valueOf(arguments.getString(ACTION))) {
        case "create" -> create(keys, path(arguments, "out"), arguments.getString("name"));
        case "import" -> {
          Path file = path(arguments, "key");
          add(keys, TokenKey.read(file), file, arguments.getString("name"));
        }
        case "list" -> keys.list().forEach(this::print);
        case "delete" -> {
          keys.delete(arguments.getString("arn"));
          out.println("deleted " + arguments.getString("arn"));
        }
        default -> throw new IllegalArgumentException("token-key --help says what there is");
      }
    }
  }

  private static IvsPublicKeys keys(@Nullable String region) {
    if (region == null || region.isBlank()) {
      throw new IllegalArgumentException("AWS_REGION is not set, and --region not given");
    }
    return new IvsPublicKeys(IvsClients.create(region, IvsClients.credentials()));
  }

  private static Path path(Namespace arguments, String name) {
    return Path.of(arguments.getString(name)).toAbsolutePath().normalize();
  }

  private void create(IvsPublicKeys keys, Path file, String name) throws IOException {
    TokenKey key = TokenKey.generate();
    writeNew(file, key.privatePem());
    try {
      add(keys, key, file, name);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          e.getMessage() + " - the key is kept: token-key import --key " + file + " tries again",
          e);
    }
  }

  private static void writeNew(Path file, String text) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          file + " exists and stays as it is; token-key import --key takes a key that is there");
    }
  }

  private void add(IvsPublicKeys keys, TokenKey key, Path file, String name) {
    Imported imported = keys.add(key.publicPem(), Optional.of(name));
    out.println("# " + imported.name() + ", fingerprint " + imported.fingerprint());
    out.println("TOKEN_MODE=self-signed");
    out.println("TOKEN_KEY_ARN=" + imported.arn());
    out.println("TOKEN_PRIVATE_KEY_FILE=" + file);
  }

  private void print(Imported key) {
    out.println(key.arn() + "  " + key.fingerprint() + "  " + key.name());
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable failure) {
    boolean expected =
        failure instanceof IllegalStateException || failure instanceof IllegalArgumentException;
    String text = expected ? String.valueOf(failure.getMessage()) : failure.toString();
    cli.getStdErr().println("token-key: " + text.replaceAll("\\s+", " ").trim());
    cli.getStdErr().flush();
  }
}
