package io.fullhouse.counter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Redis behind TLS, as a cloud offers it: the Redis servers of these tests may be built without.
 * Whoever trusts its certificate gets through.
 */
final class TlsRelay implements AutoCloseable {
  private static final String PASSWORD = "of-this-test";

  private final SSLServerSocket listener;
  private final int port;
  private final Path keys;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tls-relay");
            thread.setDaemon(true);
            return thread;
          });

  private TlsRelay(SSLServerSocket listener, int port, Path keys) {
    this.listener = listener;
    this.port = port;
    this.keys = keys;
  }

  /**
   * Starts one.
   *
   * @param port of the Redis on this machine
   * @param directory where its key is kept
   */
  static TlsRelay to(int port, Path directory) throws Exception {
    Path keys = directory.resolve("relay.p12");
    makeKey(keys);
    SSLServerSocket listener =
        (SSLServerSocket)
            context(keys)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    TlsRelay relay = new TlsRelay(listener, port, keys);
    relay.threads.execute(relay::accept);
    return relay;
  }

  /** The JDK has no public API that makes a certificate, but the program. */
  private static void makeKey(Path file) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "relay",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=relay",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("no certificate: " + said);
    }
  }

  private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  String uri() {
    return "rediss://127.0.0.1:" + listener.getLocalPort();
  }

  /** Options of a JVM that trusts its certificate. */
  List<String> trusted() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + keys, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), port);
        threads.execute(() -> copy(client, redis));
        threads.execute(() -> copy(redis, client));
      } catch (IOException e) {
        // Closed, or a client that went again.
      }
    }
  }

  /** Until either side ends; then both have ended. */
  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8_192];
      InputStream in = from.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        out.write(bytes, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // Who does not trust the certificate hangs up.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
