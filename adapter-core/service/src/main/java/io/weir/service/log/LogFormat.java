package io.weir.service.log;

/** How log lines look; the words are those of the option {@code --log-format}. */
public enum LogFormat {
    TEXT,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
