package io.weir.service.config;

/** A configuration that is refused whole; the message tells of everything wrong with it, one problem a line. */
public final class ConfigProblems extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigProblems(String message) {
        super(message);
    }
}
