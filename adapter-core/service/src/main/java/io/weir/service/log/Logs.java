package io.weir.service.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up logging: one line for each event, to standard error, nothing else anywhere.
 *
 * <ol>
 *   <li>Our own rooms log at the given level, everybody else's at WARN, single loggers as they are set.
 *   <li>A line as text: time, level, room, message; line ends and control characters inside a message become blanks, so that nobody can write a line of
 *       their own. As JSON: the same in one object.
 *   <li>Times are the real ones, also where the service's own clock runs faster.
 * </ol>
 */
public final class Logs {
    private static final String LINE =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\", UTC} %-5level %-18logger{0} %replace(%msg){'[\\p{Cntrl}\\u2028]+', ' '}%n%ex";

    private Logs() {}

    public static void configure(LogFormat format, LogLevel level) {
        configure(format, level, Map.of());
    }

    /** With the levels of single loggers, by the beginning of their names. */
    public static void configure(LogFormat format, LogLevel level, Map<String, LogLevel> single) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder(format, context));
        console.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        root.addAppender(console);
        root.setLevel(Level.WARN);
        context.getLogger("io.weir").setLevel(Level.valueOf(level.name()));
        // Says of every resource given as an object that it is no provider, which is right and of no interest.
        context.getLogger("org.glassfish.jersey.internal.inject.Providers").setLevel(Level.ERROR);
        single.forEach((name, own) -> context.getLogger(name).setLevel(Level.valueOf(own.name())));
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
        if (format == LogFormat.JSON) {
            var json = new JsonLines();
            json.setContext(context);
            json.start();
            return json;
        }
        var text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(LINE);
        text.start();
        return text;
    }
}
