package io.fullhouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whoever gets a word into the log gets no line of its own. */
final class LogLineTest {
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  private String line(String service, String message) throws IOException {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(
        new YAMLMapper()
            .readTree(Path.of("../deploy/config/" + service + ".yml").toFile())
            .at("/logging/appenders/0/logFormat")
            .asText());
    layout.start();
    return layout.doLayout(
        new LoggingEvent(
            "", context.getLogger("io.fullhouse.Any"), Level.INFO, message, null, new Object[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "counter", "scaler"})
  void a_message_with_line_breaks_is_one_line(String service) throws IOException {
    assertThat(line(service, "IVS says 'x\r\n2026-11-30 ERROR ALARM' of it"))
        .endsWith(
            "Any"
                + (service.equals("gateway") ? " " : "")
                + ": IVS says 'x 2026-11-30 ERROR ALARM' of it\n")
        .containsOnlyOnce("\n");
  }

  @Test
  void other_messages_are_as_they_were_written() throws IOException {
    assertThat(line("gateway", "started: 100 %")).endsWith(": started: 100 %\n");
  }
}
