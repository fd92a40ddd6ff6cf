package io.weir.http;

import io.weir.pool.Author;
import io.weir.service.caller.Caller;

/** Callers as the pool writes them down. */
final class Asking {
    private Asking() {}

    static Author by(Caller caller) {
        return new Author(caller.role().word(), caller.name());
    }
}
