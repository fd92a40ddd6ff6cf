package io.weir.service.caller;

/** Hears of every refused call, for the audit. It is called on the request's own thread and must be quick. */
@FunctionalInterface
public interface Refusals {
    /** Nobody listens; the log has them all the same. */
    Refusals UNHEARD = refusal -> {};

    void refused(Refusal refusal);
}
