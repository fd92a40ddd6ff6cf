package io.weir.service.server;

/** Where a server listens; port 0 is any free one. The option is what a person sets it with, for the message when it is taken. */
public record Listener(String host, int port, String option) {
    public static final String LOOPBACK = "127.0.0.1";

    public Listener {
        if (port < 0 || port > 65_535) {
            throw new StartProblem(option, "port " + port + " is not between 0 and 65535");
        }
    }
}
