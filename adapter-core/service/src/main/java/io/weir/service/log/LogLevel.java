package io.weir.service.log;

/** How much is logged; the words are those of the option {@code --log-level}. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
