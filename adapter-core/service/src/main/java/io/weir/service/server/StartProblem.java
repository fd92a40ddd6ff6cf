package io.weir.service.server;

/** A service cannot start; the message is for the person who started it and names the option to change. */
public final class StartProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String option;

    public StartProblem(String option, String message) {
        super(option.isEmpty() ? message : option + ": " + message);
        this.option = option;
    }

    public String option() {
        return option;
    }
}
