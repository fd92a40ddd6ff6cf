package io.weir.service.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.weir.service.json.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line for each event: time, level, logger, thread, message, the fields that were given with it or hold for its thread (its pool), and the error
 * with its stack where there is one.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", WireJson.time(event.getInstant()));
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(field -> line.putIfAbsent(field.key, shown(field.value)));
        }
        event.getMDCPropertyMap().forEach(line::putIfAbsent);
        if (event.getThrowableProxy() != null) {
            line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return (WireJson.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Object shown(@Nullable Object value) {
        return value instanceof Collection<?> some
                ? some.stream().map(String::valueOf).toList()
                : String.valueOf(value);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
