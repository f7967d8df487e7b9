package io.fullhouse.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Asks a Redis on the loopback address whether it serves. Needs no client library. */
record RedisPing(int port, String password) {
  private static final int TIMEOUT_MILLIS = 1_000;

  /**
   * Whether the server that is this process answers PONG; one that still loads its data does not,
   * nor does another server that has the port.
   */
  boolean isAnsweredBy(long pid) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String login = password.isEmpty() ? "" : "AUTH " + password + "\r\n";
      String commands = login + "PING\r\nINFO server\r\nQUIT\r\n";
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.UTF_8));
      byte[] answer = socket.getInputStream().readAllBytes();
      List<String> lines = new String(answer, StandardCharsets.UTF_8).lines().toList();
      return lines.contains("+PONG") && lines.contains("process_id:" + pid);
    } catch (IOException e) {
      return false;
    }
  }
}
